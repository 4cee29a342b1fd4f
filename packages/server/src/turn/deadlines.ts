import type { Code, TurnLimits } from "@colloquy/protocol";
import type { Clock } from "../kernel/clock.ts";

/** How a running turn gets on; monotonic milliseconds. Written by the runner with each event. */
export interface Progress {
  /** When it began, or began to count anew; time that stood still is added to it. */
  startedAt: number;
  /** When the model was last called. */
  askedAt: number;
  /** It waits for its model to be able to ask: no time is counted. */
  paused: boolean;
  /** When the model last said anything; undefined before the first event of a call. */
  lastEventAt: number | undefined;
  /** Tools that run: they have limits of their own, and the turn's time stands still. */
  tools: number;
  toolsSince: number;
}

/** @param ranMs how long the turn ran before */
export const newProgress = (now: number, ranMs = 0): Progress => ({
  startedAt: now - ranMs,
  askedAt: now,
  paused: false,
  lastEventAt: undefined,
  tools: 0,
  toolsSince: 0,
});

export const toolBegan = (progress: Progress, now: number): void => {
  if (progress.tools === 0) progress.toolsSince = now;
  progress.tools += 1;
};

export const toolEnded = (progress: Progress, now: number): void => {
  progress.tools -= 1;
  if (progress.tools > 0) return;
  progress.startedAt += now - progress.toolsSince;
  // A model that goes on after its calls is not silent while they run.
  if (progress.lastEventAt !== undefined) progress.lastEventAt = now;
};

/** How many times its own limit a turn may wait for its model to be able to ask: nothing waits for ever (P3). */
const longestWait = 4;

/** Which limit a turn has passed, if any. Pure. */
export const overdue = (progress: Progress, limits: TurnLimits, now: number): Code | undefined => {
  if (progress.tools > 0) return undefined;
  if (progress.paused)
    return now - progress.startedAt > longestWait * limits.turnMs ? "turn_timeout" : undefined;
  if (now - progress.startedAt > limits.turnMs) return "turn_timeout";
  if (progress.lastEventAt === undefined) {
    return now - progress.askedAt > limits.firstEventMs ? "first_event_timeout" : undefined;
  }
  return now - progress.lastEventAt > limits.silenceMs ? "silence_timeout" : undefined;
};

interface Watch {
  readonly progress: Progress;
  readonly limits: TurnLimits;
  readonly late: (code: Code) => void;
}

interface Alarm {
  readonly at: number;
  readonly ring: () => void;
}

/** Compares the time stamps of all running turns and waiting calls on one shared tick: no timer a turn, none a token. */
export class Deadlines {
  readonly #clock: Clock;
  readonly #watches = new Set<Watch>();
  readonly #alarms = new Set<Alarm>();
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

  /** Calls `ring` once, soon after a moment in milliseconds since the epoch; the returned function prevents it. */
  alarm(at: number, ring: () => void): () => void {
    const alarm = { at, ring };
    this.#alarms.add(alarm);
    return () => this.#alarms.delete(alarm);
  }

  #tick(): void {
    const now = this.#clock.monotonic();
    for (const watch of this.#watches) {
      const code = overdue(watch.progress, watch.limits, now);
      if (code === undefined) continue;
      this.#watches.delete(watch);
      watch.late(code);
    }
    const today = this.#clock.now();
    for (const alarm of this.#alarms) {
      if (today < alarm.at) continue;
      this.#alarms.delete(alarm);
      alarm.ring();
    }
  }
}
