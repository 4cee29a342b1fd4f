import type { Clock } from "../../packages/server/src/kernel/clock.ts";

/** A clock that stands still until it is told to go on. */
export interface ManualClock extends Clock {
  /** Goes on by so many milliseconds and runs, in their order, what falls due on the way. */
  advance(ms: number): void;
  /** What waits to be run. */
  readonly pending: number;
}

interface Timer {
  at: number;
  readonly every: number | undefined;
  readonly run: () => void;
}

export const manualClock = (start = 1_790_000_000_000): ManualClock => {
  let now = start;
  const timers = new Set<Timer>();
  const add = (timer: Timer): (() => void) => {
    timers.add(timer);
    return () => void timers.delete(timer);
  };
  const firstDue = (until: number): Timer | undefined =>
    [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];

  return {
    now: () => now,
    monotonic: () => now - start,
    every: (ms, run) => add({ at: now + ms, every: ms, run }),
    after: (ms, run) => add({ at: now + ms, every: undefined, run }),
    get pending() {
      return timers.size;
    },
    advance(ms) {
      const until = now + ms;
      for (let timer = firstDue(until); timer; timer = firstDue(until)) {
        now = timer.at;
        if (timer.every === undefined) timers.delete(timer);
        else timer.at += timer.every;
        timer.run();
      }
      now = until;
    },
  };
};
