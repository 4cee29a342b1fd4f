/**
 * What the server counts, as plain numbers: a hot path adds to a field and nothing more. `app/metrics.ts` shows them to
 * the world. One object a server, passed in.
 */
export interface Meter {
  connections: number;
  readers: number;
  conversations: number;
  /** Turns by their present state. */
  queued: number;
  running: number;
  waiting: number;
  /** Turns by their end, since the start. */
  completed: number;
  failed: number;
  cancelled: number;
  resets: number;
  frames: number;
  bytes: number;
  relayFrames: number;
  refusals: number;
  /** From a piece of text leaving the model until the frame that carries it is handed to the socket, milliseconds. */
  readonly tokenAge: Buckets;
  /** From asking the store for an append until it is durable, milliseconds. */
  readonly storeLatency: Buckets;
}

/** A histogram with fixed bounds; `counts[i]` is how many values were at most `bounds[i]`, and the last how many were above all. */
export interface Buckets {
  readonly bounds: readonly number[];
  readonly counts: number[];
  sum: number;
}

const buckets = (bounds: readonly number[]): Buckets => ({
  bounds,
  counts: Array.from({ length: bounds.length + 1 }, () => 0),
  sum: 0,
});

/** Counts one value. */
export const observe = (into: Buckets, value: number): void => {
  let i = 0;
  while (i < into.bounds.length && value > (into.bounds[i] ?? 0)) i += 1;
  into.counts[i] = (into.counts[i] ?? 0) + 1;
  into.sum += value;
};

export const createMeter = (): Meter => ({
  connections: 0,
  readers: 0,
  conversations: 0,
  queued: 0,
  running: 0,
  waiting: 0,
  completed: 0,
  failed: 0,
  cancelled: 0,
  resets: 0,
  frames: 0,
  bytes: 0,
  relayFrames: 0,
  refusals: 0,
  tokenAge: buckets([1, 5, 10, 25, 50, 100, 250, 500, 1000]),
  storeLatency: buckets([0.5, 1, 2.5, 5, 10, 25, 100, 500, 2500]),
});
