import type { Dispatcher } from "undici";
import type { Clock } from "../kernel/clock.ts";
import { ColloquyError, toColloquyError } from "../kernel/colloquy-error.ts";
import { EventQueue } from "../kernel/event-queue.ts";
import type { ModelEvent } from "./model.ts";
import { createOpenAiStream, type OpenAiStream } from "./openai-stream.ts";
import { brokenFault, notAStreamFault, refusalFault, type Refusal } from "./provider-fault.ts";
import { looksLikeEvents, refusalOf, type Head } from "./provider-head.ts";

/** Where calls go. */
export interface Endpoint {
  readonly dispatcher: Dispatcher;
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What must not stand in an error. */
  readonly secrets: readonly string[];
  readonly clock: Clock;
}

/** What is sent. */
export interface Ask {
  /** JSON text. */
  readonly body: string;
  /** Thoughts are to be given back with what a tool gave. */
  readonly signsThoughts: boolean;
  /** Another body, when this refusal was about a part that can be left out. */
  otherwise(refusal: Refusal): string | undefined;
}

/** Decoded text that may wait for its reader before the socket is paused, in UTF-16 code units. */
const heldText = 64 * 1024;
/** Bytes of an error's body that are read. */
const refusalBytes = 16 * 1024;
/** A server that has said `[DONE]` gets this long to end its answer, so that the connection can be used again. */
const lingerMs = 5_000;

/** How far the exchange is. */
type Phase =
  | { readonly at: "connecting" }
  | { readonly at: "asked" }
  | { readonly at: "opening"; readonly head: Head }
  | { readonly at: "streaming"; readonly stream: OpenAiStream }
  | { readonly at: "refused"; readonly head: Head; readonly pieces: Buffer[]; bytes: number }
  | { readonly at: "lingering"; readonly stop: () => void }
  | { readonly at: "over" };

/** Asks, and hands over what is answered. Faults, and who closes, are as {@link Model} has them. */
export const callOpenAi = (
  endpoint: Endpoint,
  ask: Ask,
  signal: AbortSignal,
): AsyncIterableIterator<ModelEvent, undefined> => {
  const { clock, secrets } = endpoint;
  let phase: Phase = { at: "connecting" };
  let controller: Dispatcher.DispatchController | undefined;

  const queue = new EventQueue<ModelEvent>({
    capacity: heldText,
    onDrained: () => controller?.resume(),
    onLeft: () => close(new ColloquyError("cancelled")),
  });

  const leave = (next: Phase): void => {
    phase = next;
    signal.removeEventListener("abort", onAbort);
  };
  /** Closes the socket; one that is still being opened is closed, unused, once it is there. */
  const close = (reason: Error): void => {
    leave({ at: "over" });
    controller?.abort(reason);
  };
  const fail = (thrown: unknown): void => {
    const error = toColloquyError(thrown);
    if (phase.at === "streaming") phase.stream.broken();
    queue.fail(error);
    close(error);
  };
  const onAbort = (): void => {
    const reason: unknown = signal.reason;
    queue.cut(reason);
    close(reason instanceof Error ? reason : new ColloquyError("cancelled", { cause: reason }));
  };
  const finished = (answerIsOver: boolean): void => {
    queue.end();
    const cut = (): void => controller?.abort(new ColloquyError("provider_no_end"));
    leave(answerIsOver ? { at: "over" } : { at: "lingering", stop: clock.after(lingerMs, cut) });
  };

  const refuse = (head: Head, pieces: readonly Buffer[], answerIsOver: boolean): void => {
    const refusal = refusalOf(head, pieces, clock.now());
    const otherwise = answerIsOver ? ask.otherwise(refusal) : undefined;
    if (otherwise !== undefined) return send(otherwise);
    fail(head.status < 300 ? notAStreamFault(refusal, secrets) : refusalFault(refusal, secrets));
  };

  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(started) {
      controller = started;
      if (phase.at === "connecting") phase = { at: "asked" };
      else started.abort(new ColloquyError("cancelled"));
    },

    onResponseStart(_controller, status, headers) {
      // 1xx: the answer itself is still to come.
      if (status < 200 || phase.at !== "asked") return;
      const head: Head = { status, headers };
      phase = status < 300 ? { at: "opening", head } : { at: "refused", head, pieces: [], bytes: 0 };
    },

    onResponseData(control, bytes) {
      if (phase.at === "streaming") return read(phase.stream, control, bytes);
      if (phase.at === "opening") {
        const { head } = phase;
        if (looksLikeEvents(head, bytes)) {
          const { signsThoughts } = ask;
          const stream = createOpenAiStream((event, size) => queue.push(event, size), {
            secrets,
            signsThoughts,
          });
          phase = { at: "streaming", stream };
          return read(stream, control, bytes);
        }
        phase = { at: "refused", head, pieces: [], bytes: 0 };
      }
      if (phase.at !== "refused") return;
      phase.pieces.push(bytes);
      phase.bytes += bytes.length;
      if (phase.bytes >= refusalBytes) refuse(phase.head, phase.pieces, false);
    },

    onResponseEnd() {
      if (phase.at === "lingering") return phase.stop();
      if (phase.at === "opening") return empty(phase.head);
      if (phase.at === "refused") return refuse(phase.head, phase.pieces, true);
      if (phase.at === "streaming") ended(phase.stream, undefined);
    },

    onResponseError(_controller, error) {
      if (phase.at === "lingering") return phase.stop();
      if (phase.at === "opening") return fail(brokenFault("provider_cut_off", error));
      if (phase.at === "refused") return refuse(phase.head, phase.pieces, false);
      if (phase.at === "streaming") return ended(phase.stream, error);
      if (phase.at === "asked") return fail(brokenFault("provider_cut_off", error));
      if (phase.at === "connecting") fail(brokenFault("provider_unreachable", error));
    },
  };

  const read = (stream: OpenAiStream, control: Dispatcher.DispatchController, bytes: Buffer): void => {
    try {
      stream.feed(bytes);
    } catch (thrown) {
      return fail(thrown);
    }
    if (stream.done) finished(false);
    else if (queue.full) control.pause();
  };

  const empty = (head: Head): void => {
    if (looksLikeEvents(head, Buffer.alloc(0))) fail(new ColloquyError("provider_no_end"));
    else refuse(head, [], true);
  };

  const ended = (stream: OpenAiStream, error: Error | undefined): void => {
    if (error && !stream.whole) return fail(brokenFault("provider_cut_off", error));
    try {
      stream.end();
    } catch (thrown) {
      return fail(thrown);
    }
    finished(true);
  };

  const send = (body: string): void => {
    phase = { at: "connecting" };
    const { dispatcher, origin, path, headers } = endpoint;
    dispatcher.dispatch(
      { origin, path, method: "POST", headers: { ...headers }, body, headersTimeout: 0, bodyTimeout: 0 },
      handler,
    );
  };

  if (signal.aborted) onAbort();
  else {
    signal.addEventListener("abort", onAbort, { once: true });
    send(ask.body);
  }
  return queue;
};
