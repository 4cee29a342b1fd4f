import type { ProgressPayload, Status } from "@colloquy/protocol/channels";

/** What is published of a turn but what names the turn. */
export type ProgressStep = Pick<ProgressPayload, "status" | "type"> &
  Partial<Pick<ProgressPayload, "message" | "final_message" | "error_details" | "code" | "cancelled">>;

export interface PacedWriterOptions {
  /** At least so long between two growing texts, milliseconds. */
  readonly intervalMs: number;
  readonly now: () => number;
  /** All of the text so far. */
  readonly text: () => string;
  readonly send: (step: ProgressStep) => Promise<void>;
}

/** Publishes the steps of one turn in order, one at a time. */
export interface PacedWriter {
  say(step: ProgressStep): void;
  /** The text has grown. */
  grew(): void;
  /** Resolves when everything said so far has been sent; rejects when the last of it could not be. */
  flush(): Promise<void>;
}

/** Repeated text leaves at no more than this rate, bytes a millisecond: the wait widens as the text grows. */
const bytesPerMs = 50;

/** Steps that wait for a hub that is slow or away, at most. */
const longestLine = 32;

const ends: ReadonlySet<Status> = new Set<Status>(["completed", "error", "cancelled"]);

/**
 * Holds one unsent text, of which a newer one takes the place, and a few other steps, of which the oldest tool lines go
 * first: a hub that is slow or away costs no memory. A growing text that an end follows is not sent, for the end repeats it;
 * one that a tool's line follows goes out before it without waiting.
 */
export const createPacedWriter = ({ intervalMs, now, text, send }: PacedWriterOptions): PacedWriter => {
  let line: ProgressStep[] = [];
  let busy = false;
  let idle: Promise<void> = Promise.resolve();
  let sentAt = -Infinity;
  let wake: (() => void) | undefined;
  let failure: { readonly error: unknown } | undefined;

  /** Waits until the next growing text is due, or something else is to be said. */
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  /** A growing text that stands alone in the line waits for its time. */
  const due = async (): Promise<void> => {
    while (line.length === 1 && line[0]?.status === "in_progress") {
      const at = sentAt + Math.max(intervalMs, text().length / bytesPerMs);
      if (now() >= at) return;
      await pause(at - now());
    }
  };

  const run = async (): Promise<void> => {
    while (line.length > 0) {
      await due();
      const step = line.shift();
      if (step === undefined) break;
      const growing = step.status === "in_progress";
      if (growing) sentAt = now();
      try {
        await send(growing ? { ...step, message: text() } : step);
        failure = undefined;
      } catch (error) {
        // The publisher has reported it; a later step says the same and more.
        failure = { error };
      }
    }
    busy = false;
  };

  const say = (step: ProgressStep): void => {
    const over = ends.has(step.status);
    if (over || step.status === "in_progress") line = line.filter((one) => one.status !== "in_progress");
    line.push(step);
    const tool = line.length > longestLine ? line.findIndex((one) => one.status === "processing") : -1;
    if (tool !== -1) line.splice(tool, 1);
    if (step.status !== "in_progress") wake?.();
    if (busy) return;
    busy = true;
    idle = run();
  };

  return {
    say,
    grew() {
      if (line.at(-1)?.status !== "in_progress")
        say({ status: "in_progress", type: "response", final_message: false });
    },
    async flush() {
      await idle;
      if (failure !== undefined) throw failure.error;
    },
  };
};
