/** When a connection is asked for a sign of life, and when it is given up; milliseconds. */
export interface HeartbeatSettings {
  readonly pingEveryMs: number;
  readonly silenceMs: number;
}

/** The signs of life of one connection. Times are monotonic milliseconds. */
export interface Pulse {
  /** Bytes that had come when they were last counted. */
  bytes: number;
  /** When more of them had come than the time before. */
  aliveAt: number;
  pingAt: number;
}

export const newPulse = (now: number, settings: HeartbeatSettings): Pulse => ({
  bytes: 0,
  aliveAt: now,
  pingAt: now + settings.pingEveryMs,
});

/**
 * Looks at one connection, which the shared timer does for all of them in turn. Any byte counts as life, so a publisher
 * that answers pings late but publishes is not cut off; counting what the socket has read costs nothing per frame.
 */
export const beat = (
  pulse: Pulse,
  bytesRead: number,
  now: number,
  settings: HeartbeatSettings,
): "rest" | "ping" | "dead" => {
  if (bytesRead !== pulse.bytes) {
    pulse.bytes = bytesRead;
    pulse.aliveAt = now;
  }
  if (now - pulse.aliveAt >= settings.silenceMs) return "dead";
  if (now < pulse.pingAt) return "rest";
  pulse.pingAt = now + settings.pingEveryMs;
  return "ping";
};

/** How often the shared timer looks, milliseconds: often enough that no limit is missed by much. */
export const sweepEvery = (...limits: readonly number[]): number =>
  Math.max(10, Math.min(1000, Math.min(...limits) / 8));
