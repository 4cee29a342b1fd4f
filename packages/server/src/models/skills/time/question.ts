import type { FindPlace, Place } from "./zones.ts";
import type { WallTime } from "./wall-time.ts";

/** A question about time, with what its answer depends on. */
export interface TimeQuestion {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Where it is asked, as far as anybody knows: the server's own place. */
  readonly here: Place;
  /** What the clocks show there. */
  readonly today: WallTime;
  readonly find: FindPlace;
}

/** A form of question: the parts that its shape has found, and what they mean. Undefined: it only looked like one. */
export interface TimeForm {
  readonly shape: RegExp;
  readonly answer: (question: TimeQuestion, found: readonly string[]) => string | undefined;
}

export const plural = (count: number, unit: string): string =>
  `${count.toLocaleString("en")} ${unit}${Math.abs(count) === 1 ? "" : "s"}`;
