import type { Clock } from "./clock.ts";

/** So many a minute for each key, with a whole minute's worth at once after a rest (a token bucket). */
export interface RateLimit {
  /** Takes one; false when there is none left. */
  take(key: string): boolean;
}

interface Bucket {
  left: number;
  /** When `left` was true, monotonic milliseconds. */
  at: number;
}

/**
 * Keeps a bucket for keys that took something in the last minute only: a full bucket is as good as none.
 *
 * @param perMinute `Infinity` for no limit
 */
export const createRateLimit = (perMinute: number, clock: Clock): RateLimit => {
  const buckets = new Map<string, Bucket>();
  let sweepAt = 1024;
  const fill = (bucket: Bucket, now: number): number =>
    Math.min(perMinute, bucket.left + ((now - bucket.at) * perMinute) / 60_000);
  const sweep = (now: number): void => {
    for (const [key, bucket] of buckets) if (fill(bucket, now) >= perMinute) buckets.delete(key);
    sweepAt = Math.max(1024, 2 * buckets.size);
  };
  return {
    take(key) {
      if (perMinute === Infinity) return true;
      const now = clock.monotonic();
      const bucket = buckets.get(key);
      const left = bucket ? fill(bucket, now) : perMinute;
      if (left < 1) return false;
      buckets.set(key, { left: left - 1, at: now });
      if (buckets.size > sweepAt) sweep(now);
      return true;
    },
  };
};
