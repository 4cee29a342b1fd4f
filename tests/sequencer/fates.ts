import { diceOf, type Dice } from "../history/dice.ts";

/**
 * What becomes of each thing, by the seed and its name alone: whatever the order in which things happen, the same seed gives the
 * same thing the same fate.
 */
export interface Fates {
  /** The dice of this thing. */
  of(...name: readonly (string | number)[]): Dice;
}

export const createFates = (seed: number): Fates => ({
  of(...name) {
    let hash = seed | 0;
    for (const char of name.join("/")) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01_00_01_93);
    return diceOf(hash);
  },
});

/** Which of so many peers take this prompt for their own: mostly one, sometimes nobody, several or all. */
export const ownersOf = (fates: Fates, prompt: string, peers: number): ReadonlySet<number> => {
  const dice = fates.of("owners", prompt);
  const kind = dice.next();
  if (kind < 0.04) return new Set();
  if (kind < 0.05) return new Set(Array.from({ length: peers }, (_, peer) => peer));
  const first = dice.below(peers);
  return kind < 0.1 ? new Set([first, dice.below(peers)]) : new Set([first]);
};

/** How long an owner thinks, milliseconds; now and then until the deadline, or longer. */
export const thinkingOf = (fates: Fates, prompt: string, peer: number, deadlineMs: number): number => {
  const dice = fates.of("thinks", prompt, peer);
  const kind = dice.next();
  if (kind < 0.01) return deadlineMs - 10 + dice.below(20);
  return kind < 0.02 ? deadlineMs * (1 + dice.next()) : dice.below(8);
};
