import type { Accepted, PromptFile, Role } from "@colloquy/protocol";
import type { Principal } from "../auth/principal.ts";

/** What is set for one room by its owner. */
export interface RoomSettings {
  readonly instructions?: string;
  /** Messages that go along with a prompt at most; 10 when left out. */
  readonly history?: number;
  /** False: every call of a tool waits for an approval. It never makes an approval superfluous. */
  readonly autoExecute?: boolean;
  /** Of the room's tools, the names of those that may be used. */
  readonly tools?: readonly string[];
}

/** One room: a conversation with members. Its facts are the newest note about it in its log. */
export interface Room {
  /** `room_` and a UUID; stored with the conversation, never changes. */
  readonly roomId: string;
  readonly chatId: string;
  /** `chat:<chatId>` */
  readonly conversation: string;
  /** Which kind of room it is: a `model_api_source`, in lower case. */
  readonly source: string;
  readonly model: string;
  readonly settings: RoomSettings;
}

/** What somebody says in a room; `type` and `data` are the wire's. */
export interface RoomMessage {
  readonly type: string;
  /** Its prompt id in the log; makes the message idempotent. */
  readonly promptId?: string;
  readonly text: string;
  readonly model?: string;
  readonly files?: readonly PromptFile[];
  readonly data: Readonly<Record<string, unknown>>;
}

/** Who is in a room just now; a user with several sockets is there once. */
export interface Seat {
  readonly present: readonly string[];
  /** The room and its members as they are just now. */
  facts(): { readonly room: Room; readonly members: ReadonlyMap<string, Role> };
  /** Tells the others that this user types. */
  typing(): void;
  leave(): void;
}

export interface RoomEvent {
  /** `removed`: the user is no member any more, and is to be shown out; told to their own seats only. */
  readonly kind: "joined" | "left" | "typing" | "removed";
  readonly user: string;
}

/**
 * Rooms, by the chats that they belong to. Every method authorises the principal in the conversation (P11) and rejects with a
 * ColloquyError that may be shown to the asker.
 */
export interface Rooms {
  /** The chat's room; undefined when it has none and when the principal may not read it. */
  find(principal: Principal, chatId: string): Promise<Room | undefined>;
  /** Finds the chat's room or makes it; whoever makes it owns it. Sets the room's source and model to those given. */
  create(
    principal: Principal,
    wish: { readonly chatId: string; readonly source: string; readonly model: string },
  ): Promise<Room>;
  /** Rejects with `not_found` for unknown rooms and for those of others. Opens the room if it was closed. */
  open(principal: Principal, roomId: string): Promise<Room>;
  /** Asks what a message asks, as its kind of room reads it. Resolves once it is durable. */
  say(principal: Principal, roomId: string, message: RoomMessage): Promise<Accepted>;
  /** The owner's settings, each replacing what was set before. */
  configure(principal: Principal, roomId: string, settings: RoomSettings): Promise<Room>;
  /** The owner lets somebody in, or changes what they may do; without a role they are no member any more. */
  invite(principal: Principal, roomId: string, user: string, role: Role | undefined): Promise<void>;
  members(principal: Principal, roomId: string): Promise<ReadonlyMap<string, Role>>;
  /** Comes in and hears who comes, goes and types. A user's first seat is told to the others, and the end of the last. */
  sit(principal: Principal, room: Room, hear: (event: RoomEvent) => void): Seat;
}
