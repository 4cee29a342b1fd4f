import { backoff, type BackoffPolicy } from "../kernel/backoff.ts";
import { sleep, systemClock, type Clock } from "../kernel/clock.ts";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import type { Model, ModelEvent, ModelRequest } from "./model.ts";

export interface RetryOptions {
  /** How often the model is asked at most, the first time included; 3 unless told. */
  readonly tries?: number;
  /** The growing waits; half a second to eight seconds unless told. */
  readonly wait?: BackoffPolicy;
  /** A provider that asks for a longer wait than this is not asked again; 20 seconds unless told. Milliseconds. */
  readonly longestWaitMs?: number;
  readonly clock?: Clock;
  readonly random?: () => number;
  /** For the log: which failure is about to be followed by try number `attempt`. */
  readonly onRetry?: (retry: {
    readonly error: ColloquyError;
    readonly attempt: number;
    readonly waitMs: number;
  }) => void;
}

/**
 * Asks a model again when it fails before it has said anything, and the code says that asking again may help. Once a
 * text, a thought or a call is out nothing is tried again: what was said stays said. The last error is thrown.
 */
export const createRetryingModel = (model: Model, options: RetryOptions = {}): Model => ({
  id: model.id,
  contextTokens: model.contextTokens,
  ...(model.callsTools !== undefined && { callsTools: model.callsTools }),
  ...(model.files && { files: model.files }),
  stream: (request, signal) => ({
    [Symbol.asyncIterator]: () => retrying(model, request, signal, options),
  }),
});

const defaultWait: BackoffPolicy = { baseMs: 500, maxMs: 8_000 };

const retrying = (
  model: Model,
  request: ModelRequest,
  signal: AbortSignal,
  options: RetryOptions,
): AsyncIterator<ModelEvent, undefined> => {
  const { tries = 3, wait = defaultWait, longestWaitMs = 20_000, clock = systemClock } = options;
  let events = model.stream(request, signal)[Symbol.asyncIterator]();
  let attempt = 1;
  let begun = false;
  /** The first event, when a usage came before it and was handed over in its place. */
  let next: IteratorResult<ModelEvent, undefined> | undefined;

  /** How long to wait after this error; undefined when it is to be thrown. */
  const waitAfter = (error: unknown): number | undefined => {
    if (signal.aborted || !(error instanceof ColloquyError) || !error.retry || attempt >= tries)
      return undefined;
    const asked = error.retryAfterMs ?? 0;
    if (asked > longestWaitMs) return undefined;
    const waitMs = Math.max(asked, backoff(wait, attempt, options.random));
    options.onRetry?.({ error, attempt: attempt + 1, waitMs });
    return waitMs;
  };

  const open = async (): Promise<IteratorResult<ModelEvent, undefined>> => {
    for (;;) {
      try {
        return await firstWord();
      } catch (error) {
        const waitMs = waitAfter(error);
        if (waitMs === undefined) throw error;
        await sleep(waitMs, clock, signal);
        attempt += 1;
        events = model.stream(request, signal)[Symbol.asyncIterator]();
      }
    }
  };

  const firstWord = async (): Promise<IteratorResult<ModelEvent, undefined>> => {
    let spent: IteratorResult<ModelEvent, undefined> | undefined;
    for (;;) {
      const result = await read();
      // Usage alone is nothing that anyone has seen.
      if (result.done !== true && result.value.type === "usage") {
        spent = result;
        continue;
      }
      begun = true;
      if (spent === undefined) return result;
      next = result;
      return spent;
    }
  };

  const read = async (): Promise<IteratorResult<ModelEvent, undefined>> => {
    const result: IteratorResult<ModelEvent, unknown> = await events.next();
    return result.done === true ? { value: undefined, done: true } : result;
  };

  return {
    // After the first word the wrapper is out of the way: it costs a token nothing but this call.
    next() {
      if (!begun) return open();
      if (next === undefined) return events.next();
      const kept = next;
      next = undefined;
      return Promise.resolve(kept);
    },
    async return() {
      begun = true;
      await events.return?.();
      return { value: undefined, done: true };
    },
  };
};
