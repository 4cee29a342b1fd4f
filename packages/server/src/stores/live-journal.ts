/**
 * Text that is being said just now, kept so that kill -9 takes back nothing that a reader has. It need not survive the
 * loss of power (nothing is synced), only the loss of the process.
 */
export interface JournalRecord {
  readonly conversation: string;
  /** Entry number of the turn's prompt. */
  readonly turn: number;
  /** Where `escaped` begins in the turn's text, UTF-16 code units; what was there or later before is dropped. */
  readonly offset: number;
  /** The new text as the inside of a JSON string, UTF-8. */
  readonly escaped: string;
  /** Set when this record takes back text that readers may have: how many resets the text has had. */
  readonly resets: number;
}

/** What the journal remembers of a turn that had not ended. */
export interface JournalledText {
  readonly conversation: string;
  readonly turn: number;
  readonly text: string;
  /** Offsets that were kept, one for each reset. */
  readonly resets: readonly number[];
}

/**
 * Duties of an adapter. *Order*: writes take effect in the order of the calls. *Once written, kept*: a resolved write is
 * read back after a kill -9; a torn last record is ignored. *Bounded*: what has been forgotten takes no room for ever.
 * A failed write rejects with `store_unavailable`, and the next one may succeed; a rejected write is written again by the
 * caller, so a record that repeats what is there must do no harm.
 */
export interface LiveJournal {
  /** Opens it and returns what the last process left. */
  start(): Promise<readonly JournalledText[]>;
  /** One call a tick for all texts that grew. */
  write(records: readonly JournalRecord[]): Promise<void>;
  /** The turn has ended (its text is in the log). Takes effect with the next write. */
  forget(conversation: string, turn: number): void;
  close(): Promise<void>;
}
