import { timeOfDay } from "@colloquy/protocol/sequencer";
import type { Clock } from "../../kernel/clock.ts";

/** The time of day as peers write it, made once a second however often it is asked for. */
export const createTimeOfDay = (clock: Clock): (() => string) => {
  let second = Number.NaN;
  let text = "";
  return () => {
    const now = clock.now();
    if (Math.floor(now / 1_000) === second) return text;
    second = Math.floor(now / 1_000);
    text = timeOfDay(now);
    return text;
  };
};
