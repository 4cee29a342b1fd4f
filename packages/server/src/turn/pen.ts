import type { NewEntry } from "@colloquy/protocol";
import { ColloquyError } from "../kernel/colloquy-error.ts";

/** What a run writes entries with, until it is laid down. */
export interface Pen {
  /** Resolves when they are durable; rejects once the pen was laid down. */
  readonly write: (entries: readonly NewEntry[]) => Promise<void>;
  /** Nothing more is written; resolves when what was on its way is durable, or cannot be. */
  layDown(): Promise<void>;
}

/**
 * A run that was stopped may have left its model and its tools talking: whatever they say afterwards must not come into the
 * log behind the turn's end, and what was on its way must come before it.
 */
export const createPen = (append: (entries: readonly NewEntry[]) => Promise<void>): Pen => {
  const underWay = new Set<Promise<void>>();
  let down = false;
  return {
    async write(entries) {
      if (down) throw new ColloquyError("cancelled");
      if (entries.length === 0) return;
      const stored = append(entries);
      underWay.add(stored);
      try {
        await stored;
      } finally {
        underWay.delete(stored);
      }
    },
    async layDown() {
      down = true;
      await Promise.allSettled(underWay);
    },
  };
};
