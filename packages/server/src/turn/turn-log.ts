import type { Entry, NewEntry } from "@colloquy/protocol";

/** The part of a conversation's log that is one turn's. */
export interface TurnLog {
  /** The turn's entries but its prompt, as far as they are durable, in order; grows. */
  readonly entries: readonly Entry[];
  /** Makes entries durable, trying again while the store fails. Rejects only when another writer has taken over. */
  append(entries: readonly NewEntry[]): Promise<void>;
  /**
   * The turn's end, and what must be said before it, in one append. `make` is called when the append is made, perhaps more than
   * once, and sees all that was decided until then.
   */
  end(make: () => readonly NewEntry[]): Promise<void>;
}
