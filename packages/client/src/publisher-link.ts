import type { ClientTimes } from "./client.ts";
import { ClientError } from "./client-error.ts";
import { discardSocket, openSocket } from "./open-socket.ts";
import type { PublisherFailure, PublisherOptions } from "./publisher.ts";
import { randomId } from "./random-id.ts";
import { isFields, readRefusal } from "./read-payload.ts";
import { sleep } from "./sleep.ts";
import { createTokenKeeper } from "./token-keeper.ts";
import type { WebSocketLike } from "./web-socket.ts";

/** Over this many unsent bytes a socket is taken to be clogged. */
const clogged = 64 * 1024;
/** Refusals are short; larger frames are other people's answers and are not read. */
const longestRefusal = 8 * 1024;

const times: ClientTimes = { openMs: 0, answerMs: 3000, silenceMs: 0, probeMs: 0, renewMs: 30_000 };

/** One open connection of a publisher. */
export interface PublisherLink {
  readonly open: boolean;
  /** Hands a frame to the socket; rejects when it is closed (`unreachable`) or does not take it in time (`too_slow`). */
  send(frame: object, timeoutMs: number): Promise<void>;
  /** Says goodbye and waits for the end of it. */
  close(): Promise<void>;
  drop(): void;
}

/** Opens a connection, shows the token, and pings from then on. */
export const openPublisherLink = async (
  options: PublisherOptions,
  openMs: number,
  fail: (failure: Omit<PublisherFailure, "attempt" | "last">) => void,
): Promise<PublisherLink> => {
  let socket: WebSocketLike | undefined;
  let gone: (() => void) | undefined;
  let pinging: ReturnType<typeof setInterval> | undefined;
  let heard = true;
  let wanted = false;
  let trusted: ((error?: ClientError) => void) | undefined;

  const write = (frame: object): void => socket?.send(JSON.stringify(frame));
  const keeper = createTokenKeeper({
    token: options.token,
    times,
    now: Date.now,
    id: randomId,
    send: write,
    log: (event) =>
      event.event === "token" && fail({ operation: "connect", error: new ClientError("token_invalid") }),
    accepted: () => trusted?.(),
    refused: (reason) => trusted?.(new ClientError("token_invalid", reason)),
  });

  const message = (data: string): void => {
    heard = true;
    if (data.length > longestRefusal) return;
    let frame: unknown;
    try {
      frame = JSON.parse(data);
    } catch {
      return;
    }
    const payload = isFields(frame) && frame["cursor"] === undefined ? frame["payload"] : undefined;
    if (!isFields(frame) || !isFields(payload) || keeper.settle(payload)) return;
    const refusal = readRefusal(payload);
    if (refusal === undefined) return;
    const error = new ClientError(refusal.error.code, refusal.error.message);
    fail({ operation: "refused", error, channel: String(frame["channel"]) });
  };

  const closed = (_code: number, reason: string): void => {
    clearInterval(pinging);
    keeper.down();
    trusted?.(new ClientError("unreachable"));
    if (!wanted) fail({ operation: "connection", error: new ClientError("unreachable", reason) });
    gone?.();
  };

  const ping = (): void => {
    if (!heard && socket !== undefined) {
      fail({ operation: "ping", error: new ClientError("unreachable") });
      discardSocket(socket);
      return;
    }
    heard = false;
    socket?.ping?.();
  };

  await keeper.prepare();
  const live = await openSocket(options.url, options.WebSocket ?? globalThis.WebSocket, openMs, {
    message,
    closed,
  });
  socket = live;
  live.on?.("pong", () => {
    heard = true;
  });
  if (live.ping !== undefined) pinging = setInterval(ping, options.pingMs ?? 30_000);
  const drop = (): void => {
    wanted = true;
    discardSocket(live);
  };
  const introduced = new Promise<void>((resolve, reject) => {
    // A hub of part 1 answers nothing; then the token was for nobody.
    const silent = setTimeout(resolve, times.answerMs);
    trusted = (error) => {
      clearTimeout(silent);
      if (error === undefined) resolve();
      else reject(error);
    };
    if (!keeper.introduce()) trusted();
  });
  try {
    await introduced;
  } catch (error) {
    drop();
    throw error;
  }

  return {
    get open() {
      return live.readyState === 1;
    },
    async send(frame, timeoutMs) {
      if (live.readyState !== 1) throw new ClientError("unreachable");
      live.send(JSON.stringify(frame));
      for (let waited = 0; live.bufferedAmount > clogged; waited += 10) {
        if (live.readyState !== 1) throw new ClientError("unreachable");
        if (waited >= timeoutMs) throw new ClientError("too_slow");
        await sleep(10);
      }
    },
    async close() {
      wanted = true;
      if (live.readyState > 1) return;
      const over = new Promise<void>((resolve) => {
        gone = resolve;
      });
      live.close(1000);
      const late = setTimeout(() => discardSocket(live), openMs);
      await over;
      clearTimeout(late);
    },
    drop,
  };
};
