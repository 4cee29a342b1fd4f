import type { Code } from "./codes.ts";

/**
 * What a model call spent, in the provider's tokens. `estimated` is true when the provider said nothing (a
 * stopped stream, a demo model) and the figures are counted pieces.
 */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly estimated?: boolean;
}

interface EntryBase {
  /** Place in the log: 1, 2, 3 … without gaps. */
  readonly n: number;
  /** When it was made, milliseconds since the epoch. */
  readonly at: number;
}

/** What every entry that belongs to a turn carries: the entry number of the turn's prompt. */
interface OfTurn {
  readonly turn: number;
}

/** What the model said in one of the turn's calls to it. */
interface OfStep extends OfTurn {
  /** Which call to the model said it: 1, 2, 3 …, the first when left out. */
  readonly step?: number;
}

/** A prompt opens a turn; the turn is named by this entry's number. */
export interface PromptEntry extends EntryBase {
  readonly kind: "prompt";
  /** The client-given (or server-made) id, unique in its conversation for ever. */
  readonly id: string;
  readonly author: string;
  readonly text: string;
  /** Id of the assistant that was asked; in a room `<source>.<model id>`. */
  readonly assistant: string;
  readonly files?: readonly PromptFile[];
}

/** What a person sent along with a prompt. */
export interface PromptFile {
  readonly name: string;
  /** Its media type, e.g. `image/png`. */
  readonly type: string;
  /** Base64. */
  readonly data: string;
}

/**
 * What a provider wants to be given back with what it said (a signature of its reasoning, say), in its own words. Only the
 * model that said it ever gets it back.
 */
export interface Native {
  readonly model: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A sealed text part. The answer of a turn is these texts in order, joined with nothing between. */
export interface AnswerEntry extends EntryBase, OfStep {
  readonly kind: "answer";
  /** Which part this seals: `<turn>.<attempt>.<index>`. */
  readonly part: string;
  /** Where this part begins in the turn's text, in UTF-16 code units. */
  readonly offset: number;
  readonly text: string;
  /** One number for each reset while it was live: the offset in the turn's text that was kept. */
  readonly resets?: readonly number[];
}

/** A sealed reasoning part. Never given to a model, never part of the answer. */
export interface ReasoningEntry extends EntryBase, OfStep {
  readonly kind: "reasoning";
  readonly part: string;
  readonly text: string;
  readonly native?: Native;
}

export interface ToolCallEntry extends EntryBase, OfStep {
  readonly kind: "tool-call";
  /** Ours, unique in its conversation: `call_<turn>_<k>`. */
  readonly callId: string;
  readonly name: string;
  /** JSON text, as the model wrote it. */
  readonly arguments: string;
  /** What people are shown while it runs, e.g. `Looking up the weather in Makati`. */
  readonly progress?: string;
  /** It runs in the program of whoever asked, which sends the result. */
  readonly runs?: "client";
  /** Of a call that runs in the client or waits for an approval: when it expires, milliseconds since the epoch. */
  readonly until?: number;
  readonly native?: Native;
}

export interface ApprovalEntry extends EntryBase, OfTurn {
  readonly kind: "approval";
  readonly callId: string;
  /** The tool's name, as in the call. */
  readonly name?: string;
  readonly state: "requested" | "granted" | "denied" | "expired";
  /** Of a request: when it expires, milliseconds since the epoch. */
  readonly until?: number;
  readonly by?: string;
  readonly reason?: string;
}

export interface ToolResultEntry extends EntryBase, OfTurn {
  readonly kind: "tool-result";
  readonly callId: string;
  /** The tool's name, as in the call. */
  readonly name?: string;
  readonly outcome: "result" | "error" | "denied" | "cancelled" | "expired";
  readonly content: string;
}

/** The whole reply of one model among several; none of them is "the" answer. */
export interface ReplyEntry extends EntryBase, OfTurn {
  readonly kind: "reply";
  readonly model: string;
  readonly text: string;
}

/**
 * Something worth keeping that is neither asked nor answered: an attempt, an arbitration, a late reply, a
 * member. May follow a turn's end. Never given to a model.
 */
export interface NoteEntry extends EntryBase {
  readonly kind: "note";
  readonly about: "attempt" | "arbitration" | "late-reply" | "member" | "room" | "usage";
  readonly turn?: number;
  /** By what it can be found among all conversations: of `member` the user, of `room` the room's id. */
  readonly key?: string;
  /**
   * `attempt`: 1 for the first run of a turn, 2 for the one after a crash. A turn that waited and runs on has another note with
   * the same number and `data.resumed`.
   */
  readonly attempt?: number;
  /**
   * Of `usage`: `inputTokens`, `outputTokens`, `estimated`, and the milliseconds that a turn ran before it waits: `ms` as its
   * limits count them, without its tools, and `ran` with them.
   */
  readonly data?: Readonly<Record<string, unknown>>;
}

export type TurnEnd = "completed" | "failed" | "cancelled";

/** The one end of a turn. */
export interface TurnEndEntry extends EntryBase, OfTurn {
  readonly kind: "turn-end";
  readonly end: TurnEnd;
  /** Why it did not complete: of `failed` always there, of `cancelled` always `cancelled`. */
  readonly code?: Code;
  /** Safe for anyone in the conversation to read. */
  readonly detail?: string;
  /** Who stopped it. */
  readonly by?: string;
  readonly model?: string;
  readonly usage?: Usage;
  /** How long the turn ran, without standing in line and without waiting for people; milliseconds. */
  readonly ms?: number;
}

/** What a member may do: read; also prompt, stop and approve; also invite and set up. */
export type Role = "reader" | "writer" | "owner";

/** One durable line of a conversation's log. */
export type Entry =
  | PromptEntry
  | AnswerEntry
  | ReasoningEntry
  | ToolCallEntry
  | ApprovalEntry
  | ToolResultEntry
  | ReplyEntry
  | NoteEntry
  | TurnEndEntry;

/** An entry that has no number yet: the log's one writer gives it. */
export type NewEntry = Entry extends infer E ? (E extends Entry ? Omit<E, "n"> : never) : never;
