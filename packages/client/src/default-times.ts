import type { BackoffPolicy } from "./backoff.ts";
import type { ClientTimes } from "./client.ts";

export const defaultTimes: ClientTimes = {
  openMs: 10_000,
  answerMs: 3_000,
  silenceMs: 45_000,
  probeMs: 10_000,
  renewMs: 30_000,
};

export const defaultPolicy: BackoffPolicy = { baseMs: 500, maxMs: 20_000, stableMs: 10_000 };
