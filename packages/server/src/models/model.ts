import type { Usage } from "@colloquy/protocol";

/** One message of a request, in no provider's words. */
export type ModelMessage =
  | { readonly role: "user"; readonly text: string }
  | { readonly role: "assistant"; readonly text: string };

/** What a model is asked. */
export interface ModelRequest {
  readonly conversation: string;
  /** Entry number of the prompt. */
  readonly turn: number;
  readonly promptId: string;
  readonly author: string;
  readonly instructions?: string;
  /** Whole exchanges, oldest first; the last message is the prompt. */
  readonly messages: readonly ModelMessage[];
  /** The newest exchanges as they stand in the log, newest first, for models that read more of them than the words. */
  readonly exchanges?: readonly Exchange[];
  /** Writes a note into the log, also after the turn's end; absent where the caller keeps no log. */
  readonly note?: (about: "arbitration" | "late-reply", data: Readonly<Record<string, unknown>>) => void;
  /** Writes a whole reply of one model among several into the log; none of them is "the" answer. */
  readonly reply?: (model: string, text: string) => void;
}

/** A prompt that was answered. */
export interface Exchange {
  readonly prompt: string;
  readonly answer: string;
  /** What an arbitration noted of its winner, e.g. `sender`. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** Why a model stopped by itself. `filtered`: its provider withheld the answer, or the rest of it. */
export type FinishReason = "stop" | "length" | "filtered" | "tool-calls" | "other";

/**
 * What a model says, piece by piece. A piece has at least one character and may end within a surrogate pair. `usage` is
 * all that the call has spent; should it come more than once, the last one counts.
 */
export type ModelEvent =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "reasoning"; readonly text: string }
  | { readonly type: "usage"; readonly usage: Usage }
  | { readonly type: "finish"; readonly reason: FinishReason }
  /** The model must wait before it can ask; the turn's time stands still until `begin`. */
  | { readonly type: "waiting" }
  | { readonly type: "begin" }
  /** A self-selecting model says that the prompt is not its own. Nothing follows. */
  | { readonly type: "decline" };

/**
 * Streams an answer to a request.
 *
 * Duties of an adapter. *Order*: events come in the order in which they were said; `finish` comes once, last. *Errors*:
 * everything that goes wrong is thrown, after what was said before it, as a ColloquyError with a code of its own; a stream
 * that stops without `finish` is an error (`provider_no_end`). *Who closes*: when `signal` is aborted the upstream
 * connection is closed at once and the iteration ends by throwing the signal's reason; what was not yet read is dropped.
 * When the iteration is left early the connection is closed too. *Naive*: no retries and no time limits in an adapter;
 * those are wrappers and the turn's. *Bounded*: an adapter that is fed faster than it is read stops reading from its
 * provider. *Lazy*: nothing is asked before the iteration begins, and each iteration asks anew.
 */
export interface Model {
  /** `provider:model`. */
  readonly id: string;
  /** How many tokens a request and its answer may have. */
  readonly contextTokens: number;
  stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent>;
}
