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
  | { readonly type: "finish"; readonly reason: FinishReason };

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
