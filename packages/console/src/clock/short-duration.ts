import { duration } from "./duration.ts";

/** A time span that may be very short: `0.4 ms`, `12 ms`, `1.2 s`. `ms` is in milliseconds. */
export const shortDuration = (ms: number): string => {
  if (ms >= 999.5) return duration(ms);
  return ms > 0 && ms < 0.95 ? `${Math.max(0.1, ms).toFixed(1)} ms` : `${Math.round(ms)} ms`;
};
