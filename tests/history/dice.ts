/** Chance that can be repeated: a seed gives the same throws for ever (mulberry32). */
export interface Dice {
  /** 0 ≤ x < 1. */
  next(): number;
  /** 0, 1 … `below` − 1. */
  below(below: number): number;
  pick<T>(from: readonly [T, ...T[]]): T;
}

export const diceOf = (seed: number): Dice => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return { next, below, pick: (from) => from[below(from.length)] ?? from[0] };
};
