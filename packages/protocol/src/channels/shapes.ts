import type { Code } from "../codes.ts";
import type { ConversationSummary } from "../command.ts";
import type { Entry } from "../entry.ts";

/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Names of channels that belong to the wire itself: they cannot be subscribed or published to. */
export const reservedChannels: ReadonlySet<string> = new Set(["subscription", "connection"]);

/** How a subscriber wants growing text: all of it in each frame, or only what is new. */
export type Mode = "snapshot" | "delta";

/** What a subscriber asks for. */
export interface SubscribeOptions {
  readonly channel: string;
  readonly id?: string;
  readonly cursor?: string;
  readonly mode?: Mode;
  /** How many of the newest entries to tell first. */
  readonly history?: number;
}

/** A frame of a client, understood. `old` marks the form whose frames carry `type` instead of `channel`. */
export type ClientFrame =
  | ({ readonly kind: "subscribe"; readonly old: boolean } & SubscribeOptions)
  | { readonly kind: "unsubscribe"; readonly channel: string; readonly old: boolean; readonly id?: string }
  | {
      readonly kind: "publish";
      readonly channel: string;
      /** The payload, exactly as it was written: it is relayed without having been read. */
      readonly json: string;
      readonly messageId?: string;
      /** The payload is one of a growing text, made superfluous by the next one of the same message id. */
      readonly replaceable: boolean;
      /** Named its channel by `type`, which only connections of the old form may. */
      readonly old: boolean;
      readonly id?: string;
    }
  | {
      readonly kind: "prompt";
      readonly channel: string;
      readonly text: string;
      readonly messageId?: string;
      readonly assistant?: string;
      readonly id?: string;
      /** Sent as part 1's bare prompt frame: a channel without an assistant relays it. */
      readonly bare: boolean;
    }
  | { readonly kind: "cancel"; readonly channel: string; readonly messageId?: string; readonly id?: string }
  | {
      readonly kind: "approve" | "deny";
      readonly channel: string;
      readonly callId: string;
      readonly reason?: string;
      readonly id?: string;
    }
  | {
      readonly kind: "history";
      readonly channel: string;
      readonly before?: number;
      readonly limit?: number;
      readonly id?: string;
    }
  | {
      readonly kind: "conversations";
      readonly channel: string;
      readonly query?: string;
      readonly before?: string;
      readonly limit?: number;
      readonly id?: string;
    }
  | { readonly kind: "authenticate"; readonly token: string; readonly id?: string };

export type Status =
  | "started"
  | "processing"
  | "responding"
  | "in_progress"
  | "waiting"
  | "completed"
  | "cancelled"
  | "error";

export type PayloadType = "status" | "tool" | "response" | "timeout" | "error";

/** Progress of a turn, as part 1 says it. The fields after `thread_id` depend on the moment. */
export interface ProgressPayload {
  readonly message?: string;
  /** Float seconds since the epoch. */
  readonly timestamp: number;
  readonly status: Status;
  readonly type: PayloadType;
  readonly final_message?: boolean;
  readonly message_id: string;
  readonly thread_id: string;
  readonly cursor?: string;
  readonly error_details?: string;
  readonly cancelled?: boolean;
  /** Delta mode: the new text, and where it begins in the turn's text. */
  readonly delta?: string;
  readonly offset?: number;
  /** Keep the first `offset` units of the text, drop the rest. */
  readonly reset?: boolean;
  readonly code?: Code;
  /** Of status `waiting`: the call that waits for an approval. */
  readonly tool_call?: {
    readonly id: string;
    readonly name: string;
    readonly arguments: Json;
    /** When it expires, milliseconds since the epoch. */
    readonly until: number;
  };
}

/** A durable entry, for part 2 subscribers. */
export interface EntryPayload {
  readonly type: "entry";
  readonly entry: Entry;
  readonly cursor: string;
}

/** A refusal of the hub. */
export interface ErrorPayload {
  readonly type: "error";
  readonly status: "error";
  readonly message: string;
  readonly code: Code;
  readonly error_details: string;
  /** The same request may succeed later, unchanged. */
  readonly retry: boolean;
  readonly timestamp: number;
  readonly message_id?: string;
  readonly id?: string;
}

export interface SubscribedPayload {
  readonly action: "subscribed";
  readonly channel: string;
  readonly cursor: string;
  readonly recovered: boolean;
  readonly id: string;
}

/** Answers to part 2 requests, on the request's channel. */
export type AnswerPayload =
  | {
      readonly action: "accepted";
      readonly message_id: string;
      readonly cursor: string;
      readonly id?: string;
      readonly repeated?: boolean;
    }
  | { readonly action: "done"; readonly id: string }
  | {
      readonly action: "history";
      readonly entries: readonly Entry[];
      readonly more: boolean;
      readonly id?: string;
    }
  | {
      readonly action: "conversations";
      readonly conversations: readonly ConversationSummary[];
      readonly next?: string;
      readonly id?: string;
    }
  | {
      readonly action: "authenticated";
      readonly user: string;
      readonly expires_at?: number;
      readonly id?: string;
    }
  | { readonly action: "unsubscribed"; readonly channel: string; readonly id: string };

/** A frame of the server. `type` stands beside `channel` on connections of the old form. */
export interface ServerFrame {
  readonly channel: string;
  readonly type?: string;
  readonly payload: ProgressPayload | EntryPayload | ErrorPayload | SubscribedPayload | AnswerPayload | Json;
  /** Relay frames to part 2 subscribers carry their cursor here, beside the payload. */
  readonly cursor?: string;
}

/** The thread id of a channel's conversation: derived, so that it never changes. */
export const threadId = (channel: string): string => `thread_${channel}`;

/** The conversation that a channel name means; a name with `:` attaches to the conversation of that id. */
export const conversationOfChannel = (channel: string): string =>
  channel.includes(":") ? channel : `channel:${channel}`;

/** The channel name under which a conversation is reached; the inverse of {@link conversationOfChannel}. */
export const channelOfConversation = (conversation: string): string =>
  conversation.startsWith("channel:") && !conversation.slice(8).includes(":")
    ? conversation.slice(8)
    : conversation;
