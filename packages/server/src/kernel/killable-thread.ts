import { Worker, type ResourceLimits } from "node:worker_threads";
import type { Clock } from "./clock.ts";
import { ColloquyError } from "./colloquy-error.ts";

/**
 * Work that may never end, done in a thread that can be ended where it stands. The thread says `ready` once, then answers each
 * message with one.
 */
export interface KillableThread<In, Out> {
  /** Whether as many wait as may. */
  readonly full: boolean;
  /**
   * One after the other. Resolves to undefined when the thread was ended over it, or ended by itself.
   *
   * @throws ColloquyError `closed` after `close`; whatever kept the thread from beginning
   */
  ask(question: In): Promise<Out | undefined>;
  close(): Promise<void>;
}

export interface ThreadOptions {
  readonly file: URL;
  readonly name: string;
  /** How long one question may take, milliseconds. */
  readonly limitMs: number;
  readonly maxWaiting: number;
  /** What wants more ends the thread, and nothing else. */
  readonly memory: ResourceLimits;
  readonly clock: Clock;
}

interface Thread<In, Out> {
  /** Rejects when it dies before it is ready. */
  readonly ready: Promise<void>;
  ask(question: In): Promise<Out | undefined>;
  stop(): Promise<unknown>;
}

const beginThread = <In, Out>({ file, name, memory }: ThreadOptions): Thread<In, Out> => {
  const worker = new Worker(file, { name, resourceLimits: memory, execArgv: [], env: {} });
  worker.unref();
  const ready = Promise.withResolvers<void>();
  ready.promise.catch(() => {});
  let answer: ((out: Out | undefined) => void) | undefined;
  worker.on("message", (message: "ready" | Out) => {
    if (message === "ready") ready.resolve();
    else answer?.(message);
  });
  // An error is followed by the exit, which is all that matters here.
  worker.on("error", (error) => ready.reject(error));
  worker.on("exit", () => {
    ready.reject(new Error("the thread ended"));
    answer?.(undefined);
  });
  return {
    ready: ready.promise,
    ask(question) {
      return new Promise((resolve) => {
        answer = resolve;
        worker.postMessage(question, []);
      });
    },
    stop: () => worker.terminate(),
  };
};

/** The thread is begun with the first question, kept for the next ones, and ended when one takes too long. */
export const createKillableThread = <In, Out>(options: ThreadOptions): KillableThread<In, Out> => {
  let thread: Thread<In, Out> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let closed = false;

  const once = async (question: In): Promise<Out | undefined> => {
    if (closed) throw new ColloquyError("closed");
    const mine = (thread ??= beginThread(options));
    try {
      await mine.ready;
    } catch (error) {
      if (thread === mine) thread = undefined;
      throw error;
    }
    const stop = options.clock.after(options.limitMs, () => void mine.stop());
    const out = await mine.ask(question);
    stop();
    if (out !== undefined) return out;
    // The next one need not wait for a new thread to wake.
    if (thread === mine) thread = closed ? undefined : beginThread(options);
    return undefined;
  };

  return {
    get full() {
      return waiting >= options.maxWaiting;
    },
    async ask(question) {
      waiting += 1;
      const mine = last.then(() => once(question));
      last = mine.catch(() => {});
      try {
        return await mine;
      } finally {
        waiting -= 1;
      }
    },
    async close() {
      closed = true;
      await thread?.stop();
      thread = undefined;
    },
  };
};
