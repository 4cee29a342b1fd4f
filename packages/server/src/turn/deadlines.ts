import type { Code, TurnLimits } from "@colloquy/protocol";
import type { Clock } from "../kernel/clock.ts";

/** How a running turn gets on; monotonic milliseconds. Written by the runner with each event. */
export interface Progress {
  /** When it began, or began to count anew. */
  startedAt: number;
  /** It waits for its model to be able to ask: no time is counted. */
  paused: boolean;
  /** When the model last said anything; undefined before its first event. */
  lastEventAt: number | undefined;
}

/** How many times its own limit a turn may wait for its model to be able to ask: nothing waits for ever (P3). */
const longestWait = 4;

/** Which limit a turn has passed, if any. Pure. */
export const overdue = (progress: Progress, limits: TurnLimits, now: number): Code | undefined => {
  if (progress.paused)
    return now - progress.startedAt > longestWait * limits.turnMs ? "turn_timeout" : undefined;
  if (now - progress.startedAt > limits.turnMs) return "turn_timeout";
  if (progress.lastEventAt === undefined) {
    return now - progress.startedAt > limits.firstEventMs ? "first_event_timeout" : undefined;
  }
  return now - progress.lastEventAt > limits.silenceMs ? "silence_timeout" : undefined;
};

interface Watch {
  readonly progress: Progress;
  readonly limits: TurnLimits;
  readonly late: (code: Code) => void;
}

/** Compares the time stamps of all running turns on one shared tick: no timer a turn, none a token. */
export class Deadlines {
  readonly #clock: Clock;
  readonly #watches = new Set<Watch>();
  #stop: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  start(): void {
    this.#stop ??= this.#clock.every(250, () => this.#tick());
  }

  close(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  /** Calls `late` once when a limit is passed; the returned function ends the watch. */
  watch(progress: Progress, limits: TurnLimits, late: (code: Code) => void): () => void {
    const watch = { progress, limits, late };
    this.#watches.add(watch);
    return () => this.#watches.delete(watch);
  }

  #tick(): void {
    const now = this.#clock.monotonic();
    for (const watch of this.#watches) {
      const code = overdue(watch.progress, watch.limits, now);
      if (code === undefined) continue;
      this.#watches.delete(watch);
      watch.late(code);
    }
  }
}
