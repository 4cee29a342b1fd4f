import type { ConversationSummary, Entry, NewEntry } from "@colloquy/protocol";

/** What the one writer of a conversation needs to know when it takes over. */
export interface LogHead {
  /** Random id of this log. */
  readonly log: string;
  /** The writer's fencing number from now on; appends with a lower one are refused. */
  readonly term: number;
  /** Number of the newest entry; 0 in an empty log. */
  readonly n: number;
}

/** A list of entries that is stored as a whole or not at all. */
export interface Append {
  readonly conversation: string;
  /** The term that `lead` gave. */
  readonly term: number;
  /** The number that the first entry gets; must be the log's next one. */
  readonly expected: number;
  readonly entries: readonly NewEntry[];
}

/** A turn that was accepted and has not ended. */
export interface OpenTurn {
  readonly conversation: string;
  /** Entry number of its prompt. */
  readonly turn: number;
}

/**
 * The durable logs.
 *
 * Duties of an adapter. *Order*: appends of one conversation are carried out in the order of the calls; a read sees
 * every append that was acknowledged before it was called. *Atomicity*: an append's entries, the index of prompt
 * ids and the list of open turns change together. *Durability*: a resolved append survives the loss of power.
 * *Fencing*: an append with a term lower than the newest `lead` of its conversation, or with another `expected` than
 * the next number, rejects with `stale_writer` and changes nothing. Whatever else goes wrong rejects with
 * `store_unavailable` and has changed nothing. Adapters neither retry nor cache. An adapter never blocks the event loop.
 */
export interface Store {
  /** Opens what is to be opened and migrates the schema forward; rejects with a sentence for the operator. */
  start(): Promise<void>;

  /**
   * Makes the caller the writer of a conversation: raises its term and returns its head. Creates an empty log
   * (with a new log id) when `create` is true, else resolves to undefined for an unknown conversation.
   */
  lead(conversation: string, create: boolean): Promise<LogHead | undefined>;

  append(append: Append): Promise<void>;

  /** The first `limit` entries with a number above `after`, in order. */
  readAfter(conversation: string, after: number, limit: number): Promise<Entry[]>;

  /** The last `limit` entries with a number below `before` (or of all), in order; costs the same in a log of any length. */
  readNewest(conversation: string, limit: number, before?: number): Promise<Entry[]>;

  /** All entries of one turn, the prompt first. */
  readTurn(conversation: string, turn: number): Promise<Entry[]>;

  /** Entry number of the prompt with this id. */
  findPrompt(conversation: string, promptId: string): Promise<number | undefined>;

  /** Every open turn of every conversation, oldest first in each. */
  openTurns(): Promise<OpenTurn[]>;

  /**
   * Conversations, newest change first, at most `limit`; only those whose newest entry is older than `before`
   * (milliseconds) and whose title or id contains `query`, when given.
   */
  list(options: { limit: number; before?: number; query?: string }): Promise<ConversationSummary[]>;

  /** Waits for what is under way, then lets go of everything. May be called twice. */
  close(): Promise<void>;
}

/** What a store keeps as a conversation's title: the beginning of its first prompt, on one line. */
export const titleOf = (text: string): string => text.replaceAll(/\s+/g, " ").trim().slice(0, 80).toWellFormed();
