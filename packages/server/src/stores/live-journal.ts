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
  /** The new text as the inside of a JSON string. */
  readonly escaped: string;
  /**
   * How many resets the turn's text has had, 0 for none. When it is higher than in the record before, this record takes
   * back text that readers may have, from `offset` on.
   */
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
 * Duties of an adapter. *Order*: writes take effect in the order of the calls; `records` is read before `write` returns.
 * *Once written, kept*: a resolved write is read back after a kill -9, by every start until the turn is forgotten; a
 * torn last record is ignored. *Bounded*: what has been forgotten takes no room for ever. A failed write rejects with
 * `store_unavailable`, and the next one may succeed; a rejected write is written again by the caller, so a record that
 * repeats what is there must do no harm. A record that begins beyond what is known of its turn is ignored, since a text
 * with a gap is no prefix of anything: what goes on with an unknown turn writes its text from 0.
 */
export interface LiveJournal {
  /** Opens it and returns what the last process left. The store beside it has been started: its lock guards both. */
  start(): Promise<readonly JournalledText[]>;
  /** One call a tick for all texts that grew; the caller waits for one before it makes the next. */
  write(records: readonly JournalRecord[]): Promise<void>;
  /** The turn has ended (its text is in the log). Takes effect with the next write, or with `close`. */
  forget(conversation: string, turn: number): void;
  /** Waits for what is under way. May be called twice. */
  close(): Promise<void>;
}
