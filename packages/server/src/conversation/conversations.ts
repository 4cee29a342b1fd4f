import type { Accepted, ConversationSummary, Entry, Moment, PromptFile } from "@colloquy/protocol";
import type { Principal } from "../auth/principal.ts";
import type { Rooms } from "./rooms.ts";

/**
 * The front door of the heart: what gateways ask of conversations. Every method authorises the principal itself (P11) and
 * rejects with a ColloquyError that may be shown to the asker.
 */
export interface Conversations {
  /** Stores the prompt, then resolves (P1). The same id, author and text again resolves to what the first did (P6). */
  prompt(principal: Principal, conversation: string, prompt: PromptRequest): Promise<Accepted>;

  /** Stops the turn of that prompt, or every turn that the principal may stop; resolves once the ends are durable. */
  cancel(principal: Principal, conversation: string, promptId?: string): Promise<void>;

  /**
   * Grants or denies a call that waits for an approval; resolves once that is durable. Rejects with `no_such_call`, or
   * with `already_decided` when somebody else, or the deadline, was faster.
   */
  decide(principal: Principal, conversation: string, decision: Decision): Promise<void>;

  /**
   * What a call came to that runs in the client. It counts once, and only from the user whose prompt made the call; rejects
   * with `no_such_call`, `already_decided` or `not_allowed`.
   */
  settle(principal: Principal, conversation: string, result: ClientResult): Promise<void>;

  /** Learns who the members of a conversation are, where it has any: to be awaited before {@link attach}. */
  enter(principal: Principal, conversation: string): Promise<void>;

  /** Conversations with members, found by their chat. */
  readonly rooms: Rooms;

  /** No assistant answers here: bare prompts are relayed, in the form `prompt`. */
  relaysPrompts(conversation: string): boolean;

  /**
   * What a reader who just came would be told of one turn: its present state, or its text and end (P6).
   *
   * @param cursor what all of the frames say: where the asker stands as a reader, so that nothing which it has yet to be
   *   told is skipped by coming back with it; the place of each frame when the asker is no reader
   */
  retell(
    principal: Principal,
    conversation: string,
    turn: number,
    voice: Voice,
    cursor?: string,
  ): Promise<readonly Buffer[]>;

  /** A page of entries that ends before entry `before` (or at the newest), oldest first. */
  history(
    principal: Principal,
    conversation: string,
    page: { readonly before?: number; readonly limit?: number },
  ): Promise<{ readonly entries: readonly Entry[]; readonly more: boolean }>;

  /** What the principal may read, newest change first; `next` continues the list. */
  list(
    principal: Principal,
    page: { readonly query?: string; readonly before?: string; readonly limit?: number },
  ): Promise<{ readonly conversations: readonly ConversationSummary[]; readonly next?: string }>;

  /** Hands a frame, unchanged, to everyone who is attached; nothing is stored. */
  publish(principal: Principal, conversation: string, relay: RelayRequest): Promise<void>;

  /**
   * Attaches a reader. Synchronous, so that what is relayed after this call reaches it; throws `not_allowed`.
   * Nothing is sent to the sink before {@link Reader.start}.
   */
  attach(principal: Principal, conversation: string, options: AttachOptions): Reader;
}

export interface PromptRequest {
  readonly text: string;
  readonly promptId?: string;
  readonly assistant?: string;
  readonly files?: readonly PromptFile[];
}

export interface Decision {
  readonly callId: string;
  readonly verdict: "granted" | "denied";
  readonly reason?: string;
}

export interface ClientResult {
  readonly callId: string;
  readonly outcome: "result" | "error";
  /** Text, or JSON. */
  readonly content: string;
}

export interface RelayRequest {
  /** The relayed JSON value, as text, exactly as it is to be delivered. */
  readonly json: string;
  /** `payload`: the value of a frame's payload. `prompt`: the members of a prompt frame for an outside publisher, as an object. */
  readonly form: "payload" | "prompt";
  /** `message_id` in the value, if it has one. */
  readonly messageId?: string;
  /** A newer one of the same `messageId` makes this one superfluous to a slow reader (`in_progress`). */
  readonly replaceable: boolean;
}

/** How a reader is spoken to: a dialect with its options, and the framing of its gateway. */
export interface Voice {
  /** Moments that this one reader is not told, whatever others with the same key are. */
  hides?(moment: Moment): boolean;
  /** Readers of a conversation whose voices have the same key get the very same frames, encoded once. */
  readonly key: string;
  /** Growing text is told by repeating it whole; such readers are told less often as it grows. */
  readonly snapshots: boolean;
  /** The moment as zero or more frames, each ready for the socket; `cursor` and `before` are the places around it. */
  render(moment: Moment, cursor: string, before: () => string): readonly Buffer[];
  /** A relayed value as a frame; `cursor` is the place just after it. */
  relay(json: string, cursor: string, form: RelayRequest["form"]): Buffer;
  /** Its relayed frames do not show the cursor. */
  readonly plainRelay?: boolean;
}

/** Where a reader's frames go. */
export interface Sink {
  /** Whether the connection takes another frame of this size now; when it did not, it calls {@link Reader.wake} later. */
  ready(bytes: number): boolean;
  send(frame: Buffer): void;
  /** A forgiving reader lost relayed frames; the newest of each message follow. */
  lost?(cursor: string): void;
  /** The reader cannot be served on: it lost relayed frames that its wire promises to deliver. */
  fell(): void;
}

export interface AttachOptions {
  readonly voice: Voice;
  readonly sink: Sink;
  /** Where the reader was; anything that does not fit means "from now, with the whole present state". */
  readonly cursor?: string;
  /** How many of the newest entries to tell first, when there is no usable cursor. */
  readonly history?: number;
  /** The reader copes with lost relay frames: it is given the newest of each message id instead of falling. */
  readonly forgiving: boolean;
}

/** Where a reader begins, and whether the cursor that it came with was honoured. */
export interface Placed {
  readonly cursor: string;
  readonly recovered: boolean;
}

/** A cursor, a voice and a sink. */
export interface Reader {
  /** Resolves when its place is known: its cursor now, and whether the cursor that it came with was honoured. */
  readonly placed: Promise<Placed>;
  /** Where it stands now. */
  readonly cursor: string;
  /** Begins to send. */
  start(): void;
  /** The sink is ready again. True when there is more to tell, at a later time. */
  wake(): boolean;
  /** Takes another place, voice or history; what was sent stays sent. */
  replace(options: {
    readonly voice: Voice;
    readonly cursor?: string;
    readonly history?: number;
  }): Promise<Placed>;
  close(): void;
}
