import type { PromptFile, Role } from "@colloquy/protocol";
import type { ClientOptions, ConnectionState } from "../client.ts";
import type { Conversation, PromptOptions } from "../conversation.ts";

/** As much of socket.io-client's socket as is used here. */
export interface SocketLike {
  readonly connected: boolean;
  on(event: string, listener: (...args: never[]) => void): unknown;
  onAny(listener: (event: string, payload: unknown) => void): unknown;
  emit(event: string, ...args: unknown[]): unknown;
  connect(): unknown;
  disconnect(): unknown;
}

/** What makes sockets: `io` of socket.io-client. */
export type SocketMaker = (url: string, options: object) => SocketLike;

/**
 * A tool that runs here, for whoever asked here: takes the arguments that the model wrote (as they are: they may be
 * anything) and gives a JSON value. What it throws is told to the model.
 */
export type ClientTool = (args: Readonly<Record<string, unknown>>, call: { readonly id: string }) => unknown;

export type ClientTools = Readonly<Record<string, ClientTool>>;

export interface RoomsClientOptions extends Omit<ClientOptions, "url" | "WebSocket"> {
  /** Where the server is: `https://…`; a path of a reverse proxy may follow. */
  readonly url: string;
  /** socket.io-client's, unless given. */
  readonly io?: SocketMaker;
  /** Engine.IO's: `["polling", "websocket"]` unless given. */
  readonly transports?: readonly ("polling" | "websocket")[];
  /** What the model may call here, by name. */
  readonly tools?: ClientTools;
}

export interface RoomOptions {
  /** The kind of room and its model; used when the chat has no room yet, which is then made. */
  readonly source?: string;
  readonly model?: string;
  /** A room that is not there yet is made when first something is asked of it, not at once. */
  readonly late?: boolean;
  /** How many of the newest entries are loaded at first; 50 unless given. */
  readonly history?: number;
}

/** What the owner sets; what is left out stays as it is. */
export interface RoomSettings {
  readonly instructions?: string;
  /** Exchanges that go along with a prompt at most. */
  readonly history?: number;
  /** False: every call of a tool waits for an approval. */
  readonly autoExecute?: boolean;
  /** Names of those of the room's tools that may be used. */
  readonly tools?: readonly string[];
}

export interface RoomMember {
  readonly user: string;
  readonly role: Role;
}

/** A room's facts, as far as they are known. Immutable; the same object until something changed. */
export interface RoomView {
  readonly chatId: string;
  /** Not there while there is no room; the rest then says what it will be. */
  readonly roomId?: string;
  readonly source?: string;
  readonly model?: string;
  /** Who one is here, and what one may do. */
  readonly user?: string;
  readonly role?: Role;
  readonly members?: readonly RoomMember[];
  /** Only owners are told. */
  readonly settings?: RoomSettings;
}

/** Who is there just now. Immutable; the same object until something changed. */
export interface PresenceView {
  /** Oneself included; a user with several tabs is there once. */
  readonly here: readonly string[];
  /** Others who are typing. */
  readonly typing: readonly string[];
}

export interface RoomPromptOptions extends PromptOptions {
  /** Files that go along. */
  readonly files?: readonly PromptFile[];
}

/** A conversation with people in it. */
export interface RoomConversation extends Conversation {
  room(): RoomView;
  presence(): PresenceView;
  /** Calls back after every change of the room's facts or of who is there; returns how to stop that. */
  onRoom(listener: () => void): () => void;
  prompt(text: string, options?: RoomPromptOptions): Promise<{ messageId: string; cursor: string }>;
  /** A file that came along with a prompt; the view has only names and sizes of others' files. */
  file(messageId: string, index: number): Promise<PromptFile>;
  /** Tells the others that one is typing; may be called at every key, little of it is sent. */
  typing(): void;
  /** Lets somebody in, or changes what they may do; without a role they are no member any more. Owners only. */
  invite(user: string, role?: Role): Promise<void>;
  /** Owners only. */
  configure(settings: RoomSettings): Promise<void>;
  /** Another model from the next prompt on. Owners only. */
  use(source: string, model: string): Promise<void>;
}

/** One connection to a server of rooms, and the rooms that one is in over it. */
export interface RoomsClient {
  readonly connection: ConnectionState;
  /** Calls back after every change of the connection; returns how to stop that. */
  onConnection(listener: (state: ConnectionState) => void): () => void;
  /** Finds or makes the chat's room and comes in. The same chat again is the same object (the first one's options hold). */
  conversation(chatId: string, options?: RoomOptions): RoomConversation;
  /** Ends the present wait: a person pressed "retry now", or the browser came online. */
  reconnectNow(): void;
  /** Ends everything; calls under way reject with `closed`. May be called twice. */
  close(): Promise<void>;
}
