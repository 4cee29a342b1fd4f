import type { AckFields, RoomFacts } from "./client-shapes.ts";
import type { Fields, FunctionDecision, ToldMessage } from "./message-shapes.ts";
import type { Refused } from "./refused.ts";

/** The namespace of rooms with an assistant inside. `/` is a plain relay. */
export const roomsNamespace = "/assistant/realtime";

/** Where Socket.IO is served; both are the same. */
export const roomsPaths = ["/socket.io/", "/assistant/socket.io/"] as const;

// What the server sends.

/** What everything of the conversation carries: a place to come back to. All but the last of a step say the place before it. */
interface Placed {
  readonly cursor: string;
}

/** Payload of `receive_message {room_id}`. `past`: told as history, which sets nothing off again. */
export type ReceivedMessage = Placed & { readonly past?: true } & ToldMessage;

/** Whose turn a stream is, as far as that is known where it is told. */
interface Asked {
  readonly user_id?: string;
  readonly client_message_id?: string;
}

export interface StreamChunk extends Placed {
  readonly message_id: string;
  /** What is new. */
  readonly content: string;
  /** The last one, which is empty. */
  readonly done: boolean;
  /** Where `content` begins in the text of the answer, UTF-16 code units. */
  readonly offset: number;
  /** Keep the text before `offset`, drop the rest. */
  readonly reset?: true;
}

/** Payloads of the events of a server, by their names; `{…}` stands after one space at the end of the name. */
export interface ServerPayloads {
  "room_found {chat_id}": { readonly room_id: string; readonly chat_id: string };
  "room_not_found {chat_id}": { readonly room_id: null; readonly chat_id: string };
  "room_created {chat_id}": AckFields["create_room"];
  "room_error {chat_id}": Refused;
  room_error: Refused;
  /** All of it for those who joined with `cursor` or `history`. */
  "room_joined {room_id}": Pick<AckFields["join_room"], "room_id"> & Partial<AckFields["join_room"]>;
  "room_join_error {room_id}": Refused;
  room_left: { readonly room_id: string };
  "message_sent {id}": { readonly success: true };
  "message_error {id}": Refused;
  "event_received {id}": { readonly success: true };
  "event_error {id}": Refused;
  /** Part 2's events are refused under this name, to the one who asked; also what is wrong with the room as such. */
  "error {room_id}": Refused;
  "receive_message {room_id}": ReceivedMessage;
  /** `started_at`: when its turn began to run, or to run on after a wait; ISO 8601, UTC. Not there while it stands in line. */
  "stream_start {room_id}": Placed & Asked & { readonly message_id: string; readonly started_at?: string };
  "stream_chunk {room_id}": StreamChunk;
  "stream_end {room_id}": Placed & { readonly message_id: string };
  "stream_error {room_id}": Placed & Refused & { readonly message_id: string };
  /** For the sockets of the user whose prompt made the call, which is to run there. */
  "function_call {room_id}": Placed & {
    readonly function_name: string;
    readonly arguments: Fields;
    readonly call_id: string;
  };
  "function_decided {room_id}": Placed & FunctionDecision & { readonly past?: true };
  /** Only for those who joined with `cursor` or `history`: a prompt was accepted and `stream_start` comes when its turn runs. */
  "turn_queued {room_id}": Placed & Required<Asked> & { readonly message_id: string };
  /** Only for those who joined with `cursor` or `history`: the room's model, settings or members changed. */
  "room_changed {room_id}": Placed & RoomFacts & { readonly room_id: string; readonly chat_id: string };
  /** A turn failed. */
  message_error: Refused & { readonly message_id: string; readonly client_message_id: string };
  /** A turn failed. */
  error: Refused;
  user_joined: { readonly room_id: string; readonly user_id: string };
  user_left: { readonly room_id: string; readonly user_id: string };
  typing: { readonly room_id: string; readonly user_id: string };
  processing_files: { readonly message: string; readonly file_count: number };
  "sbaw.processing_file": {
    readonly type: "convert_to_text_for_llm";
    readonly message: string;
    readonly filename: string;
  };
}

/** A name of {@link ServerPayloads} with its id put in. */
export type ServerEvent = keyof ServerPayloads extends infer N
  ? N extends `${infer Head} {${string}}`
    ? `${Head} ${string}`
    : N
  : never;

/** Payloads of the namespace `/`, both ways: a plain relay for members of a room. */
export interface RelayPayloads {
  join_room: { readonly room: string };
  leave_room: { readonly room: string };
  send_message: { readonly room: string; readonly message: unknown };
  room_joined: { readonly room: string };
  room_left: { readonly room: string };
  receive_message: { readonly room: string; readonly message: unknown };
  room_error: Refused;
}
