import type { Clock } from "../../packages/server/src/kernel/clock.ts";

/** A clock that stands still until a test moves it. */
export interface HandClock extends Clock {
  advance(ms: number): void;
}

export const createHandClock = (): HandClock => {
  const started = Date.now();
  let passed = 0;
  const timers = new Set<{ at: number; readonly again: number | undefined; readonly run: () => void }>();
  const add = (ms: number, again: number | undefined, run: () => void): (() => void) => {
    const timer = { at: passed + ms, again, run };
    timers.add(timer);
    return () => timers.delete(timer);
  };
  return {
    now: () => started + passed,
    monotonic: () => passed,
    every: (ms, run) => add(ms, ms, run),
    after: (ms, run) => add(ms, undefined, run),
    advance(ms) {
      const until = passed + ms;
      for (;;) {
        const next = [...timers].filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0];
        if (!next) break;
        passed = next.at;
        if (next.again === undefined) timers.delete(next);
        else next.at += next.again;
        next.run();
      }
      passed = until;
    },
  };
};
