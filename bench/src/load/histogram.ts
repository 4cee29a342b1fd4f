/** Latencies in tenths of a millisecond, up to 20 seconds; counting one is an addition. */
export interface Histogram {
  add(ms: number): void;
  readonly count: () => number;
  /** How many were at most `ms`. */
  within(ms: number): number;
  /** The value that a share of all (0 to 1) does not exceed, milliseconds; NaN when nothing was counted. */
  quantile(share: number): number;
}

const perMs = 10;
const slots = 20_000 * perMs;

export const createHistogram = (): Histogram => {
  const counts = new Uint32Array(slots + 1);
  let total = 0;
  return {
    add(ms) {
      const slot = Math.min(slots, Math.max(0, Math.floor(ms * perMs)));
      counts[slot] = (counts[slot] ?? 0) + 1;
      total += 1;
    },
    count: () => total,
    within(ms) {
      let sum = 0;
      for (let slot = 0; slot < ms * perMs; slot += 1) sum += counts[slot] ?? 0;
      return sum;
    },
    quantile(share) {
      if (total === 0) return Number.NaN;
      const wanted = Math.ceil(total * share);
      let sum = 0;
      for (let slot = 0; slot <= slots; slot += 1) {
        sum += counts[slot] ?? 0;
        if (sum >= wanted) return (slot + 1) / perMs;
      }
      return slots / perMs;
    },
  };
};
