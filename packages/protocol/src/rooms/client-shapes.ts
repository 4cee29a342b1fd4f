import type { Role } from "../entry.ts";
import type { PastMessage } from "./message-shapes.ts";
import type { Refused } from "./refused.ts";

// What clients send. Each event takes an acknowledgement callback, which gets an `Ack`.

/** A file that goes along with a message. `filename`, `mime_type` and `data` are taken as well. */
export interface SentFile {
  readonly name: string;
  /** Its media type, e.g. `image/png`. */
  readonly type: string;
  /** Base64, or a data URL. */
  readonly content: string;
}

/** `message` of `send_message` in a room of text. */
export interface SentMessage {
  readonly type: "sbaw.incoming.text_message.user";
  /** Unique for its user, who may send the same again under it. */
  readonly id: string;
  readonly data: {
    readonly item: {
      readonly id: string;
      readonly type: "message";
      readonly role: "user";
      readonly modality: "text";
      readonly content: string;
      readonly model_id?: string;
      readonly files?: readonly SentFile[];
    };
  };
}

/** Settings of a room in `sbaw.assistant.update_session`; what is left out stays as it is. */
export interface SessionUpdate {
  readonly instructions?: string;
  /** Exchanges that go along with a prompt at most. */
  readonly history_length?: number;
  /** False: every call of a tool waits for an approval. */
  readonly auto_execute_functions?: boolean;
  /** Names of those of the room's tools that may be used. */
  readonly tools?: readonly string[];
}

export type SentEvent =
  | { readonly type: "sbaw.assistant.stop_processing"; readonly id: string }
  | { readonly type: "sbaw.assistant.update_session"; readonly id: string; readonly data: SessionUpdate };

/** Payloads of the events that a client sends, by their names. */
export interface ClientPayloads {
  find_chat: { readonly chat_id: string };
  create_room: { readonly chat_id: string; readonly model_api_source: string; readonly model_id: string };
  /**
   * Without `room_id`: the room that this socket or user last found or created. `cursor` or `history` (how many of the newest
   * entries to tell first, 0 for none) make a part 2 reader.
   */
  join_room: { readonly room_id?: string; readonly cursor?: string; readonly history?: number };
  leave_room: { readonly room_id: string };
  /** `before`: as an earlier answer gave it, the newest without it. `limit`: how many entries to look at, 50 without it. */
  history: { readonly room_id: string; readonly before?: string; readonly limit?: number };
  /** A file of a user's message: the message's `message_id`, and which of its files, the first being 0. */
  file: { readonly room_id: string; readonly message_id: string; readonly index: number };
  /** Also taken under the name `send_message {room_id}`. */
  send_message: { readonly room_id: string; readonly message: SentMessage; readonly model_id?: string };
  event: { readonly room_id: string; readonly event: SentEvent };
  approve_function: { readonly room_id: string; readonly call_id: string; readonly reason?: string };
  deny_function: { readonly room_id: string; readonly call_id: string; readonly reason?: string };
  /** `message_id` as in `stream_start`, or the id that the author's client gave; every turn that one may stop without it. */
  cancel: { readonly room_id: string; readonly message_id?: string };
  typing: { readonly room_id: string };
  /** With the role null the user is no member any more. */
  invite: { readonly room_id: string; readonly user_id: string; readonly role: Role | null };
  refresh_token: { readonly token: string };
  /** Of a call that runs in the client. The event's name is `function_result {room_id}`. */
  function_result: { readonly call_id: string; readonly result: unknown };
  /** The event's name is `function_error {room_id}`. */
  function_error: { readonly call_id: string; readonly error: string };
}

/** Events whose name carries the room's id after one space: `function_result room_…`. */
export type SuffixedClientEvent = "function_result" | "function_error";

export type ClientEvent = keyof ClientPayloads;

/** What a room is set to, and who belongs to it. */
export interface RoomFacts {
  readonly model_api_source: string;
  readonly model_id: string;
  /** Who was let in, and what each of them may do. */
  readonly members: readonly { readonly user_id: string; readonly role: Role }[];
  /** What is set, as `update_session` sets it; only owners are told. */
  readonly settings?: SessionUpdate;
}

/** What acknowledgement callbacks get where it went well, by the event. */
export interface AckFields {
  /** `room_id` is null where there is no room, or none that one may join. */
  find_chat: { readonly room_id: string | null; readonly chat_id: string };
  create_room: { readonly room_id: string; readonly chat_id: string; readonly model_id: string };
  join_room: RoomFacts & {
    readonly room_id: string;
    readonly chat_id: string;
    readonly cursor: string;
    /** The cursor that one came with was honoured: exactly what was missed follows. */
    readonly recovered: boolean;
    /** For `history`: what is older than all that follows. Null when nothing is. */
    readonly before: string | null;
    /** Oneself. */
    readonly user_id: string;
    /** Who is there, oneself included. */
    readonly present: readonly string[];
    readonly role: Role;
  };
  leave_room: { readonly room_id: string };
  /** Oldest first. With `before` it goes on; null when there is nothing older. */
  history: { readonly messages: readonly PastMessage[]; readonly before: string | null };
  /** `content` in base64. */
  file: SentFile;
  send_message: {
    readonly success: true;
    /** Of the answer, as in `stream_start`. */
    readonly message_id: string;
    readonly client_message_id: string;
    /** Just after the message. */
    readonly cursor: string;
    /** The same had been accepted before. */
    readonly repeated: boolean;
  };
  event: { readonly success: true };
  approve_function: { readonly call_id: string };
  deny_function: { readonly call_id: string };
  cancel: { readonly room_id: string };
  typing: { readonly room_id: string };
  invite: { readonly room_id: string; readonly user_id: string; readonly role: Role | null };
  /** `expires_at` in seconds since the epoch. */
  refresh_token: { readonly user_id: string; readonly expires_at: number | null };
  function_result: { readonly call_id: string };
  function_error: { readonly call_id: string };
}

/** What an acknowledgement callback is called with. */
export type Ack<E extends ClientEvent = ClientEvent> =
  | ({ readonly ok: true } & AckFields[E])
  | ({ readonly ok: false } & Refused);
