import type { Dispatcher } from "undici";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import { EventQueue } from "../kernel/event-queue.ts";
import { brokenFault, notAStreamFault } from "./provider-fault.ts";
import { refusalOf, type Head } from "./provider-head.ts";

/** Bytes of an error's body that are read. */
const refusalBytes = 16 * 1024;
/** Longest event of a stream that is read, in bytes: the packages that read it would hold any length. */
const longestEvent = 4 * 1024 * 1024;
/** Bytes that may wait for their reader before the socket is paused. */
const heldBytes = 64 * 1024;

export interface ProviderFetch {
  readonly fetch: typeof fetch;
  /**
   * What broke the stream of the call with this signal. Its body ends as if it were whole: packages forget what they have read
   * and not yet told when their source fails.
   */
  readonly faultOf: (signal: AbortSignal) => ColloquyError | undefined;
}

export interface ProviderFetchOptions {
  readonly dispatcher: Dispatcher;
  /** What must not stand in an error. */
  readonly secrets: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * A `fetch` for packages that ask a provider for a stream, over our connections. Errors are ColloquyErrors; redirects are
 * not followed, since a key would go along; of an error's body only the beginning is read; what is no event stream is
 * `provider_not_a_stream`; a reader that does not read holds the provider back.
 */
export const createProviderFetch = ({ dispatcher, secrets, now }: ProviderFetchOptions): ProviderFetch => {
  const faults = new WeakMap<AbortSignal, ColloquyError>();
  return {
    faultOf: (signal) => faults.get(signal),
    async fetch(input, init = {}) {
      const signal = init.signal ?? new AbortController().signal;
      const { head, body } = await exchange(dispatcher, requestOf(input, init), signal, (fault) =>
        faults.set(signal, fault),
      );
      const headers = headersOf(head.headers);
      if (head.status >= 300) return new Response(await beginningOf(body), { status: head.status, headers });
      if (!/event-?stream/i.test(headers.get("content-type") ?? ""))
        throw notAStreamFault(refusalOf(head, [await beginningOf(body)], now()), secrets);
      return new Response(streamOf(body), { status: head.status, headers });
    },
  };
};

type Request = Pick<Dispatcher.DispatchOptions, "origin" | "path" | "headers" | "body">;
type Bytes = Buffer<ArrayBuffer>;
type Body = EventQueue<Bytes>;

const requestOf = (
  input: Parameters<typeof fetch>[0],
  init: NonNullable<Parameters<typeof fetch>[1]>,
): Request => {
  const url = new URL(input instanceof Request ? input.url : input);
  const { body } = init;
  return {
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    headers: Object.fromEntries(new Headers(init.headers)),
    body: typeof body === "string" || body instanceof Uint8Array ? body : null,
  };
};

/** Asks, and resolves with the head of the answer and its body, which ends without an error whatever happens to it. */
const exchange = (
  dispatcher: Dispatcher,
  request: Request,
  signal: AbortSignal,
  onBroken: (fault: ColloquyError) => void,
): Promise<{ readonly head: Head; readonly body: Body }> => {
  const { promise, resolve, reject } = Promise.withResolvers<{ head: Head; body: Body }>();
  let controller: Dispatcher.DispatchController | undefined;
  let started = false;
  let answered = false;
  const body: Body = new EventQueue<Bytes>({
    capacity: heldBytes,
    onDrained: () => controller?.resume(),
    onLeft: () => stop(new ColloquyError("cancelled")),
  });
  const stop = (reason: unknown): void => {
    signal.removeEventListener("abort", onAbort);
    controller?.abort(reason instanceof Error ? reason : new ColloquyError("cancelled", { cause: reason }));
  };
  const onAbort = (): void => {
    reject(signal.reason);
    body.cut(signal.reason);
    stop(signal.reason);
  };
  const onError = (error: Error): void => {
    signal.removeEventListener("abort", onAbort);
    const fault = brokenFault(started ? "provider_cut_off" : "provider_unreachable", error);
    reject(fault);
    if (answered) onBroken(fault);
    body.end();
  };
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(control) {
      controller = control;
      started = true;
      if (signal.aborted) stop(signal.reason);
    },
    onResponseStart(_control, status, headers) {
      if (status < 200) return;
      answered = true;
      resolve({ head: { status, headers }, body });
    },
    onResponseData(control, bytes) {
      body.push(Buffer.from(bytes), bytes.length);
      if (body.full) control.pause();
    },
    onResponseEnd() {
      signal.removeEventListener("abort", onAbort);
      body.end();
    },
    onResponseError: (_control, error) => onError(error),
  };
  if (signal.aborted) onAbort();
  else {
    signal.addEventListener("abort", onAbort, { once: true });
    dispatcher.dispatch({ ...request, method: "POST", headersTimeout: 0, bodyTimeout: 0 }, handler);
  }
  return promise;
};

const headersOf = (fields: Head["headers"]): Headers => {
  const headers = new Headers();
  for (const [name, value] of Object.entries(fields))
    for (const one of [value].flat()) if (one !== undefined) headers.append(name, one);
  return headers;
};

const beginningOf = async (body: Body): Promise<Bytes> => {
  const pieces: Bytes[] = [];
  let bytes = 0;
  for await (const piece of body) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes >= refusalBytes) break;
  }
  return Buffer.concat(pieces).subarray(0, refusalBytes);
};

const streamOf = (body: Body): ReadableStream<Bytes> => {
  let unended = 0;
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value: piece } = await body.next();
        if (done) return controller.close();
        const end = Math.max(piece.lastIndexOf("\n\n"), piece.lastIndexOf("\n\r\n"));
        unended = end === -1 ? unended + piece.length : piece.length - end;
        if (unended <= longestEvent) return controller.enqueue(piece);
        await body.return();
        controller.error(new ColloquyError("provider_bad_stream", { detail: "an event is too long" }));
      },
      cancel: async () => void (await body.return()),
    },
    { highWaterMark: 0 },
  );
};
