import path from "node:path";
import { Worker } from "node:worker_threads";
import { systemClock, type Clock } from "../../../kernel/clock.ts";
import { ColloquyError } from "../../../kernel/colloquy-error.ts";
import type { Sum } from "./read-sum.ts";
import type { Worked } from "./work-out.ts";

/** Works sums out, each in a second at most. */
export interface Calculator {
  /**
   * Resolves to what came out; `too-long` when it was stopped.
   *
   * @throws ColloquyError `provider_busy` when too many wait, `closed` after `close`
   */
  workOut(sum: Sum): Promise<Worked | "too-long">;
  close(): Promise<void>;
}

/** One thread, ready to be asked. */
interface Thread {
  /** Rejects when it dies before it is ready. */
  readonly ready: Promise<void>;
  /** One at a time. Resolves to undefined when the thread ends over it. */
  ask(sum: Sum): Promise<Worked | undefined>;
  stop(): Promise<unknown>;
}

const limitMs = 1_000;
const maxWaiting = 256;
/** Megabytes; a sum that wants more ends the thread, and nothing else. */
const memory = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 };

const beginThread = (): Thread => {
  const file = new URL(`./calculator-thread${path.extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(file, { name: "colloquy-sums", resourceLimits: memory, execArgv: [], env: {} });
  worker.unref();
  const ready = Promise.withResolvers<void>();
  ready.promise.catch(() => {});
  let answer: ((worked: Worked | undefined) => void) | undefined;
  worker.on("message", (message: "ready" | Worked) => {
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
    ask(sum) {
      return new Promise((resolve) => {
        answer = resolve;
        worker.postMessage(sum, []);
      });
    },
    stop: () => worker.terminate(),
  };
};

/** The thread is begun with the first sum, kept for the next ones, and ended when one takes too long. */
export const createCalculator = (clock: Clock = systemClock): Calculator => {
  let thread: Thread | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let closed = false;

  const once = async (sum: Sum): Promise<Worked | "too-long"> => {
    if (closed) throw new ColloquyError("closed");
    const mine = (thread ??= beginThread());
    try {
      await mine.ready;
    } catch (error) {
      if (thread === mine) thread = undefined;
      throw error;
    }
    const stop = clock.after(limitMs, () => void mine.stop());
    const worked = await mine.ask(sum);
    stop();
    if (worked !== undefined) return worked;
    // The next one need not wait for a new thread to wake.
    if (thread === mine) thread = closed ? undefined : beginThread();
    return "too-long";
  };

  return {
    async workOut(sum) {
      if (waiting >= maxWaiting) throw new ColloquyError("provider_busy");
      waiting += 1;
      const mine = last.then(() => once(sum));
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
