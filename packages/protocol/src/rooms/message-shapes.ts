import type { Code } from "../codes.ts";

/** Any JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

/** A file of a message, as others are told of it. */
export interface ToldFile {
  readonly name: string;
  readonly type: string;
  /** Bytes. */
  readonly size: number;
}

export interface TokenUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  /** The provider did not count; these are counted pieces. */
  readonly estimated?: true;
}

interface Told {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly created_timestamp: string;
}

export interface UserMessage extends Told {
  readonly content: string;
  readonly model_id: string;
  readonly role: "user";
  readonly type: "message";
  readonly modality: "text";
  readonly user_id: string;
  /** Of the answer, as in `stream_start`. */
  readonly message_id: string;
  readonly files?: readonly ToldFile[];
}

/**
 * An answer with all of its text. Told as history it comes in the parts that it was stored in: each with `offset` and no
 * `stop_reason`, and an empty one with usage and `stop_reason` at the end, all under the same id.
 */
export interface AssistantMessage extends Told {
  readonly content: string;
  readonly model_id: string;
  readonly role: "assistant";
  readonly type: "message";
  readonly modality: "text";
  readonly token_usage: TokenUsage | null;
  /** `stop`, `cancelled` or `error`; null for a part of an answer of history. */
  readonly stop_reason: "stop" | "cancelled" | "error" | null;
  /** Of a part of an answer of history: where it begins, UTF-16 code units. */
  readonly offset?: number;
  /** Why it failed. */
  readonly code?: Code;
  /** How long the turn ran, without standing in line and without waiting for people; milliseconds. Told with its end. */
  readonly duration_ms?: number;
}

/** What the model thought, once it is complete; only for those who joined with `cursor` or `history`. */
export interface Reasoning extends Told {
  readonly content: string;
  readonly role: "assistant";
  readonly type: "reasoning";
  /** `message_id` of the turn that it belongs to. */
  readonly message_id: string;
}

export interface FunctionCall extends Told {
  readonly call_id: string;
  readonly name: string;
  readonly arguments: Fields;
  readonly role: "assistant";
  readonly type: "function_call";
  /** `message_id` of the turn that it belongs to. */
  readonly message_id: string;
  /** What people are shown while it runs. */
  readonly progress?: string;
  /** It waits for an approval until `until`. */
  readonly approval?: "requested";
  /** It runs in the program of whoever asked. */
  readonly runs?: "client";
  /** When it expires unless it is decided, or its result has come; ISO 8601, UTC. */
  readonly until?: string;
}

export interface FunctionResult extends Told {
  readonly call_id: string;
  readonly name: string;
  /** The JSON value, or text; `{error}` unless the outcome is `result`. */
  readonly result: unknown;
  readonly role: "system";
  readonly type: "function_result";
  readonly message_id: string;
  readonly outcome: "result" | "error" | "denied" | "cancelled" | "expired";
}

export interface ErrorMessage extends Told {
  readonly error: string;
  readonly code: Code;
  readonly retry: boolean;
}

/** What was decided about a call that waited for an approval. */
export interface FunctionDecision {
  readonly call_id: string;
  /** `message_id` of the turn that it belongs to. */
  readonly message_id: string;
  readonly state: "granted" | "denied" | "expired";
  readonly by?: string;
  readonly reason?: string;
}

/** What is said in a room, as `receive_message {room_id}` tells it. */
export type ToldMessage =
  | { readonly type: "sbaw.text_message.user"; readonly data: UserMessage }
  | { readonly type: "sbaw.text_message.assistant"; readonly data: AssistantMessage }
  | { readonly type: "sbaw.reasoning"; readonly data: Reasoning }
  | { readonly type: "sbaw.function_call"; readonly data: FunctionCall }
  | { readonly type: "sbaw.function_result"; readonly data: FunctionResult }
  | { readonly type: "sbaw.error"; readonly data: ErrorMessage };

/** A message of a page of history, where decisions stand among the messages. */
export type PastMessage =
  | ToldMessage
  | { readonly type: "sbaw.function_decided"; readonly data: FunctionDecision };
