/** A growing wait: doubles from `baseMs` to `maxMs`, jittered so that many waiters do not come back together. */
export interface BackoffPolicy {
  readonly baseMs: number;
  readonly maxMs: number;
}

/**
 * The wait before try number `attempt` (1 is the first retry), in milliseconds: half of it fixed, half random
 * ("equal jitter").
 */
export const backoff = (
  policy: BackoffPolicy,
  attempt: number,
  random: () => number = Math.random,
): number => {
  const full = Math.min(policy.maxMs, policy.baseMs * 2 ** Math.min(attempt - 1, 30));
  return full / 2 + (full / 2) * random();
};
