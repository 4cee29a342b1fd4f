import type { Native, PromptFile, Usage } from "@colloquy/protocol";

/**
 * One message of a request, in no provider's words. Every call of an `assistant` message is followed by its `tool` message
 * before anything else is said (P10).
 */
export type ModelMessage =
  | { readonly role: "user"; readonly text: string; readonly files?: readonly PromptFile[] }
  | {
      readonly role: "assistant";
      readonly text: string;
      readonly calls?: readonly ToolCall[];
      /** Only of the turn that is under way, and only what the very model that is asked has signed. */
      readonly reasoning?: readonly SignedReasoning[];
    }
  | {
      readonly role: "tool";
      readonly callId: string;
      readonly name: string;
      readonly text: string;
      /** The text says what went wrong. */
      readonly failed?: boolean;
    };

/** A call that a model made. */
export interface ToolCall {
  readonly callId: string;
  readonly name: string;
  /** JSON text of an object. */
  readonly arguments: string;
  /** For the model that made the call only. */
  readonly native?: Native;
}

export interface SignedReasoning {
  readonly text: string;
  readonly native: Native;
}

/** A function that a model may call, as it is told of it. */
export interface ToolSpec {
  /** `[A-Za-z0-9_-]`, at most 64. */
  readonly name: string;
  readonly description: string;
  /** JSON Schema of an object. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

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
  /** What the model may call; none when left out. */
  readonly tools?: readonly ToolSpec[];
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
  /** The answer's text, all parts of it. */
  readonly answer: string;
  readonly files?: readonly PromptFile[];
  /**
   * What the assistant did, where it was more than talk: assistant and tool messages in order. A call that waits for an
   * approval has the result "waiting for approval".
   */
  readonly steps?: readonly ModelMessage[];
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
  /** The text may be empty when `native` comes by itself; `native` belongs to all reasoning since the last that had one. */
  | { readonly type: "reasoning"; readonly text: string; readonly native?: Native["data"] }
  /** A whole call: its arguments are complete, though perhaps no JSON. The call's id is the turn's affair. */
  | {
      readonly type: "tool-call";
      readonly name: string;
      readonly arguments: string;
      readonly native?: Native["data"];
    }
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
  /** It can be given tools; a model that cannot is never told of any. */
  readonly callsTools?: boolean;
  /** Media types that it takes as files, e.g. `image/*`, `application/pdf`; none when left out. */
  readonly files?: readonly string[];
  /** How many tokens a request and its answer may have. */
  readonly contextTokens: number;
  stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent>;
}

/** A model that can be asked for, as a page shows it. */
export interface CatalogueModel {
  /** `provider:model`. */
  readonly id: string;
  readonly name: string;
  readonly provider: string;
  readonly capabilities: {
    readonly tools: boolean;
    readonly images: boolean;
    readonly files: boolean;
    readonly reasoning: boolean;
  };
  readonly contextTokens: number;
}
