import { type Clock, systemClock } from "../../packages/server/src/kernel/clock.ts";

/** Real time that a test can put forward: what waits for a moment that is passed over rings at once. */
export interface LeapingClock extends Clock {
  /** Milliseconds. */
  leap(ms: number): void;
}

export const leapingClock = (): LeapingClock => {
  let leapt = 0;
  const waiting = new Set<() => void>();
  const now = (): number => systemClock.now() + leapt;
  return {
    now,
    monotonic: () => systemClock.monotonic() + leapt,
    every: (ms, run) => systemClock.every(ms, run),
    after(ms, run) {
      const due = now() + ms;
      let stop = (): void => {};
      const wait = (): void => {
        stop();
        stop = systemClock.after(Math.max(0, due - now()), () => {
          waiting.delete(wait);
          run();
        });
      };
      waiting.add(wait);
      wait();
      return () => {
        waiting.delete(wait);
        stop();
      };
    },
    leap(ms) {
      leapt += ms;
      for (const wait of waiting) wait();
    },
  };
};
