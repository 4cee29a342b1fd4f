import type { OpenPrompt } from "./open-prompt.ts";

/**
 * A prompt in the hand of one worker. Pieces of its answer are counted here, not kept: a worker that comes back is told
 * how much has arrived and says the rest.
 */
export interface Hand {
  readonly prompt: OpenPrompt;
  /** The worker has been sent the prompt. */
  given: boolean;
  /** How much of the answer has arrived without a gap, UTF-16 code units. */
  have: number;
  /** The farthest that any piece reached, also of those that were not taken. */
  reached: number;
  pieces: number;
}

export const newHand = (prompt: OpenPrompt): Hand => ({
  prompt,
  given: false,
  have: 0,
  reached: 0,
  pieces: 0,
});

/** Nothing was said yet, so that somebody else may say it. */
export const isSilent = (hand: Hand): boolean => hand.reached === 0;

/** Notes how far a piece reaches. False when it begins beyond what there is: then it is not taken. */
export const takePiece = (hand: Hand, offset: number, length: number): boolean => {
  const end = offset + length;
  if (end > hand.reached) hand.reached = end;
  if (offset > hand.have) return false;
  if (end > hand.have) hand.have = end;
  hand.pieces += 1;
  return true;
};

/** Whether what has arrived is all that was said. */
export const isWhole = (hand: Hand): boolean => hand.reached === hand.have;
