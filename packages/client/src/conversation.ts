import type { Usage } from "@colloquy/protocol";
import type { CallView } from "./call.ts";
import type { Contest, ModelReply } from "./contest.ts";

export type TurnState =
  /** Asked here, not yet acknowledged. */
  | "sending"
  /** The server said no; `error` says why. Asking again under the same message id is allowed. */
  | "refused"
  | "queued"
  | "running"
  /** It cannot go on before somebody has approved a tool call, or the program of whoever asked has made one. */
  | "waiting"
  | "completed"
  | "failed"
  | "cancelled";

/** A prompt and what became of it. A new object whenever something in it changed, the same one otherwise. */
export interface TurnView {
  /** Id of the prompt; unique in its conversation. */
  readonly messageId: string;
  /** Entry number of the prompt, once it is known. */
  readonly turn?: number;
  readonly author?: string;
  readonly prompt?: string;
  /** What came along with the prompt. */
  readonly files?: readonly TurnFile[];
  readonly state: TurnState;
  /** One line about what is being done just now, for example by a tool. */
  readonly activity?: string;
  /** The answer, as far as it has grown. */
  readonly text: string;
  readonly reasoning?: string;
  /** The tools that were called, in order; each stands at a place in the text. */
  readonly calls?: readonly CallView[];
  /** Who was asked and who did what, when a sequencer put the prompt before several models. */
  readonly contest?: Contest;
  /** Each model's reply where each stands by itself (policy `all`), in the order in which they came. */
  readonly replies?: readonly ModelReply[];
  readonly error?: TurnError;
  /** When the prompt was accepted, milliseconds since the epoch. */
  readonly startedAt?: number;
  /** When it began to run, or to run on after a wait; unlike `startedAt`, after it stood in line. */
  readonly ranAt?: number;
  readonly endedAt?: number;
  /** How long it ran, without standing in line and without waiting for people, milliseconds; known once it has ended. */
  readonly workMs?: number;
  readonly usage?: Usage;
  readonly model?: string;
}

/** A file that came along with a prompt. */
export interface TurnFile {
  readonly name: string;
  /** Its media type, e.g. `image/png`. */
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  /** Base64; not every wire hands it on. */
  readonly data?: string;
}

export interface TurnError {
  /** A code of the protocol's table; `internal` when an outside publisher gave none. */
  readonly code: string;
  readonly message: string;
  /** Whether asking again may help. */
  readonly retry: boolean;
}

/** What a screen shows of a conversation. Immutable; the same object until something changed. */
export interface ConversationView {
  /** `stale`: the connection is lost and this is what we have. */
  readonly phase: "loading" | "live" | "stale";
  /** Oldest first. */
  readonly turns: readonly TurnView[];
  /** Whether older history exists. */
  readonly more: boolean;
  /** Why the conversation cannot be read, for example because that is not allowed. */
  readonly error?: TurnError;
}

/** A change of a conversation. */
export type ConversationEvent =
  | { readonly type: "phase"; readonly phase: ConversationView["phase"] }
  /** A turn appeared, or anything of it but its text changed. */
  | { readonly type: "turn"; readonly turn: TurnView }
  /** An answer grew: keep the first `offset` UTF-16 units of what you have of it, and append `text`. */
  | { readonly type: "text"; readonly messageId: string; readonly offset: number; readonly text: string }
  /** A turn is no more: the log was lost or replaced. */
  | { readonly type: "gone"; readonly messageId: string }
  /** Something else that was published on the channel. `lost` counts those that this consumer was too slow for. */
  | { readonly type: "relay"; readonly payload: unknown; readonly lost: number };

export interface PromptOptions {
  /** Makes the prompt idempotent; made up when not given. */
  readonly messageId?: string;
  /** Id of the assistant to ask. */
  readonly assistant?: string;
}

/** One channel's conversation, kept up to date over lost connections. */
export interface Conversation {
  readonly channel: string;

  /** What there is now; the same reference until something changed, so it fits React's `useSyncExternalStore`. */
  view(): ConversationView;

  /** Calls back after every change; returns how to stop that. */
  subscribe(listener: () => void): () => void;

  /**
   * Every change in order, beginning with what is there already. Ends when the signal aborts or the conversation is
   * closed. Bounded: a consumer that falls behind gets what happened meanwhile as fewer, larger changes.
   */
  events(signal?: AbortSignal): AsyncIterable<ConversationEvent>;

  /**
   * Asks. Shown at once as `sending`; sent again under the same id over reconnects until it is accepted (resolves) or
   * refused (rejects with a {@link ClientError}). A `cursor` of "" means that the hub has none.
   */
  prompt(text: string, options?: PromptOptions): Promise<{ messageId: string; cursor: string }>;

  /** Stops the turn of that prompt, or every turn that the caller may stop. Rejects with a {@link ClientError}. */
  cancel(messageId?: string): Promise<void>;

  /**
   * Grants a tool call that waits, or denies it, saying why. Rejects with a {@link ClientError}: `already_decided` when
   * somebody else, or its deadline, was faster; `not_allowed` when that is not the caller's to decide.
   */
  approve(callId: string): Promise<void>;
  deny(callId: string, reason?: string): Promise<void>;

  /** Loads a page of history before the oldest known entry; resolves to whether there is still more. */
  older(limit?: number): Promise<boolean>;

  /** Lets go of it; the last holder's call unsubscribes. Call it once for each `client.conversation(…)`. */
  close(): void;
}
