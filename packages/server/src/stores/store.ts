import type { ConversationSummary, Entry, NewEntry, NoteEntry } from "@colloquy/protocol";

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
  readonly entries: readonly (NewEntry | Entry)[];
}

/** A turn that was accepted and has not ended. */
export interface OpenTurn {
  readonly conversation: string;
  /** Entry number of its prompt. */
  readonly turn: number;
}

/** A note with a key, and where it stands. */
export interface FoundNote {
  readonly conversation: string;
  readonly note: NoteEntry;
}

/** Which conversations a list is about. */
export interface ListOptions {
  readonly limit: number;
  /** Only those whose newest entry was made before this moment, milliseconds since the epoch. */
  readonly before?: number;
  /**
   * Together with `before`: also those of exactly that moment whose id comes after this one. The last row of a page,
   * given as both, continues the list without a gap even when many conversations changed in one millisecond.
   */
  readonly beforeId?: string;
  /** Only those whose title or id contains this, whatever the case. */
  readonly query?: string;
}

/**
 * The durable logs.
 *
 * Duties of an adapter. *Order*: appends of one conversation are carried out in the order of the calls; a read sees
 * every append that was acknowledged before it was called, and never one that is rejected later. *Atomicity*: an
 * append's entries, the index of prompt ids, that of notes and the list of open turns change together. *Durability*: a resolved
 * append (and a resolved `lead`) survives the loss of power. *Fencing*: an append with a term lower than the newest
 * `lead` of its conversation, or with another `expected` than the next number, rejects with `stale_writer`; one with a
 * prompt id that the conversation has already rejects with `prompt_id_taken`. Whatever else goes wrong, also before
 * `start` and after `close`, rejects with `store_unavailable`. A rejected call has changed nothing. Adapters neither
 * retry nor cache, and never block the event loop. Lone surrogates come back as they were or as U+FFFD, and break nothing.
 *
 * Duties of a writer. It waits for an append before it makes the next one in the same conversation: what was sent
 * ahead of a failing append is refused as `stale_writer`, although nobody else writes.
 */
export interface Store {
  /**
   * Opens what is to be opened and migrates the schema forward. Rejects with `store_unavailable`, whose message is a
   * sentence for the operator; may then be called again.
   */
  start(): Promise<void>;

  /**
   * Makes the caller the writer of a conversation: raises its term and returns its head. Creates an empty log
   * (with a new log id) when `create` is true, else resolves to undefined for an unknown conversation.
   */
  lead(conversation: string, create: boolean): Promise<LogHead | undefined>;

  append(append: Append): Promise<void>;

  /**
   * The first `limit` entries with a number above `after`, in order. Of long ones fewer: none is begun when those before it
   * take `chars` already, in UTF-16 code units of their JSON.
   */
  readAfter(conversation: string, after: number, limit: number, chars?: number): Promise<Entry[]>;

  /**
   * The last `limit` entries with a number below `before` (or of all), in order; costs the same in a log of any length. Of
   * long ones fewer, as in `readAfter`.
   */
  readNewest(conversation: string, limit: number, before?: number, chars?: number): Promise<Entry[]>;

  /** All entries of one turn, the prompt first, notes that followed its end too. */
  readTurn(conversation: string, turn: number): Promise<Entry[]>;

  /** Entry number of the prompt with this id. */
  findPrompt(conversation: string, promptId: string): Promise<number | undefined>;

  /** The notes about something that have a key, in order: the members of a conversation, say. */
  readNotes(conversation: string, about: NoteEntry["about"]): Promise<NoteEntry[]>;

  /** The newest note with this key in each conversation that has one: all that a user was made a member of, say. */
  findNotes(about: NoteEntry["about"], key: string): Promise<FoundNote[]>;

  /** Every open turn of every conversation, oldest first in each: those whose prompt is stored and whose end is not. */
  openTurns(): Promise<OpenTurn[]>;

  /** Conversations that have an entry, newest change first (by id where that is equal), at most `limit`. */
  list(options: ListOptions): Promise<ConversationSummary[]>;

  /** Waits for what is under way, then lets go of everything, for good. May be called twice. */
  close(): Promise<void>;
}

/** What a store keeps as a conversation's title: the beginning of its first prompt that has any text, on one line. */
export const titleOf = (text: string): string =>
  text.trimStart().slice(0, 400).replaceAll(/\s+/g, " ").trim().slice(0, 80).toWellFormed();

/** How a list's `query` is written for being looked for. */
export const searchable = (text: string): string => text.toWellFormed().toLowerCase();

/** What it is looked for in. */
export const searchableIn = (title: string, conversation: string): string =>
  searchable(`${title}\n${conversation}`);

/** The entries of an append with their numbers; those that have theirs as they are. */
export const numbered = ({ entries, expected }: Append): Entry[] =>
  entries.map((entry, index): Entry => {
    const n = expected + index;
    return "n" in entry && entry.n === n ? entry : { ...entry, n };
  });

/** The turn that an entry belongs to; a prompt opens the one that is named by its own number. */
export const turnOf = (entry: Entry): number | undefined => (entry.kind === "prompt" ? entry.n : entry.turn);
