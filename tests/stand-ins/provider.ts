import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { listen } from "./listen.ts";

/** What a stand-in was asked. */
export interface ProviderRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The parsed JSON body. */
  readonly body: unknown;
  /** Number of the client's socket, 1, 2, 3 …: equal for two requests that shared one. */
  readonly socket: number;
  /** Resolves when the exchange is over: `aborted` when the client closed before the answer was whole. */
  readonly closed: Promise<"aborted" | "answered">;
}

/** What a script does its answering with. Nothing is sent before the first call. */
export interface ProviderAnswer {
  /** Status and headers; 200 and `text/event-stream` unless this is called first. */
  head(status: number, headers?: Readonly<Record<string, string>>): void;
  /** Bytes as they are. Resolves once the socket takes more; rejects when it has closed. */
  bytes(raw: string | Uint8Array): Promise<void>;
  /** One event of the given JSON value. */
  event(value: unknown): Promise<void>;
  text(text: string): Promise<void>;
  reasoning(text: string): Promise<void>;
  /** The chunk with `finish_reason`, then one with usage if given. */
  finish(
    reason?: string,
    usage?: { readonly prompt_tokens: number; readonly completion_tokens: number },
  ): Promise<void>;
  /** `[DONE]` and the end of the body. */
  done(): Promise<void>;
  /** The end of the body, whatever was said. */
  end(): void;
  /** Cuts the socket, after what was written or, as a `reset`, together with it. */
  cut(how?: "reset"): void;
  /** Bytes that were written and that the client's side has not taken. */
  readonly unsent: number;
}

/** Answers one request. When it returns without an end, the stream stays open and silent. */
export type ProviderScript = (answer: ProviderAnswer, request: ProviderRequest) => void | Promise<void>;

export interface Provider {
  /** The base URL, `http://127.0.0.1:<port>/v1`. */
  readonly url: string;
  readonly requests: readonly ProviderRequest[];
  /** Exchanges that are not over. */
  readonly openStreams: number;
  /** Cuts what is open. May be called twice. */
  close(): Promise<void>;
}

/** A script that says pieces of text and ends well; waits `everyMs` after each piece. */
export const saying =
  (pieces: Iterable<string>, options: { readonly everyMs?: number } = {}): ProviderScript =>
  async (answer) => {
    let count = 0;
    for (const piece of pieces) {
      await answer.text(piece);
      count += 1;
      if (options.everyMs !== undefined) await sleep(options.everyMs);
    }
    await answer.finish("stop", { prompt_tokens: 7, completion_tokens: count });
    await answer.done();
  };

/** A script that refuses. */
export const refusing =
  (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): ProviderScript =>
  async (answer) => {
    const json = typeof body !== "string";
    answer.head(status, { "content-type": json ? "application/json" : "text/html", ...headers });
    await answer.bytes(json ? JSON.stringify(body) : body);
    answer.end();
  };

/** A provider of one's own, speaking Chat Completions on loopback: paced, and faulty on demand. */
export const startProvider = async (options: { readonly script: ProviderScript }): Promise<Provider> => {
  const requests: ProviderRequest[] = [];
  const sockets = new Map<object, number>();
  let openStreams = 0;

  const server = createServer((incoming, response) => {
    const { promise: closed, resolve } = Promise.withResolvers<"aborted" | "answered">();
    openStreams += 1;
    response.once("close", () => {
      openStreams -= 1;
      resolve(response.writableFinished ? "answered" : "aborted");
    });
    sockets.set(incoming.socket, sockets.get(incoming.socket) ?? sockets.size + 1);
    const pieces: Buffer[] = [];
    incoming.on("data", (piece: Buffer) => pieces.push(piece));
    incoming.on("end", () => {
      const request: ProviderRequest = {
        path: incoming.url ?? "",
        headers: incoming.headers,
        body: JSON.parse(Buffer.concat(pieces).toString("utf8")),
        socket: sockets.get(incoming.socket) ?? 0,
        closed,
      };
      requests.push(request);
      // A script that is cut short by its client has nothing to report.
      void (async () => options.script(answerOf(response), request))().catch(() => response.destroy());
    });
  });
  const port = await listen(server);

  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    get openStreams() {
      return openStreams;
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
};

const answerOf = (response: ServerResponse): ProviderAnswer => {
  const head = (status: number, headers: Readonly<Record<string, string>> = {}): void => {
    response.writeHead(status, headers);
    response.flushHeaders();
  };
  const bytes = async (raw: string | Uint8Array): Promise<void> => {
    if (!response.headersSent) head(200, { "content-type": "text/event-stream" });
    if (response.destroyed) throw new Error("the client is gone");
    if (response.write(raw)) return;
    await new Promise<void>((resolve) => {
      const go = (): void => {
        response.off("drain", go).off("close", go);
        resolve();
      };
      response.once("drain", go).once("close", go);
    });
    if (response.destroyed) throw new Error("the client is gone");
  };
  const event = (value: unknown): Promise<void> => bytes(`data: ${JSON.stringify(value)}\n\n`);
  const chunk = (delta: object, finishReason: string | null = null): Promise<void> =>
    event({
      id: "chatcmpl-standin",
      object: "chat.completion.chunk",
      created: 1_790_000_000,
      model: "stand-in",
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
      usage: null,
    });

  return {
    head,
    bytes,
    event,
    text: (text) => chunk({ content: text }),
    reasoning: (text) => chunk({ content: null, reasoning_content: text }),
    async finish(reason = "stop", usage) {
      await chunk({}, reason);
      if (usage) await event({ id: "chatcmpl-standin", object: "chat.completion.chunk", choices: [], usage });
    },
    async done() {
      await bytes("data: [DONE]\n\n");
      response.end();
    },
    end: () => void response.end(),
    cut: (how) => {
      if (how === "reset") response.socket?.resetAndDestroy();
      // What was written leaves Node's hands at the end of this turn of the loop.
      else setImmediate(() => response.socket?.destroy());
    },
    get unsent() {
      return response.writableLength;
    },
  };
};
