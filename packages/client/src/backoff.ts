/** A growing wait: doubles from `baseMs` to `maxMs`, jittered so that many clients do not come back together. */
export interface BackoffPolicy {
  readonly baseMs: number;
  readonly maxMs: number;
  /** A connection that stayed open this long starts the next series of waits from the beginning; 10 s unless given. */
  readonly stableMs?: number;
}

/**
 * The wait before try number `attempt` (1 is the first retry), in milliseconds: half of it fixed, half random
 * ("equal jitter").
 */
export const backoff = (policy: BackoffPolicy, attempt: number, random: () => number): number => {
  const full = Math.min(policy.maxMs, policy.baseMs * 2 ** Math.min(attempt - 1, 30));
  return full / 2 + (full / 2) * random();
};
