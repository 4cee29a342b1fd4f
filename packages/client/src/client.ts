import type { Code, ConversationSummary } from "@colloquy/protocol";
import type { Mode } from "@colloquy/protocol/channels";
import type { BackoffPolicy } from "./backoff.ts";
import type { Conversation } from "./conversation.ts";
import type { WebSocketConstructor } from "./web-socket.ts";

/** How the connection is. */
export interface ConnectionState {
  /**
   * `idle`: nothing has needed it yet. `waiting`: lost, tried again at `retryAt`. `closed`: it does not come back by
   * itself (the server said so, or `close()` was called); `reconnectNow()` tries again unless the client was closed.
   */
  readonly phase: "idle" | "connecting" | "open" | "waiting" | "closed";
  /** Tries in a row that did not lead to a lasting connection. */
  readonly attempt: number;
  /** When the next try is made, milliseconds since the epoch. */
  readonly retryAt?: number;
  /** Why it is not open, for people. */
  readonly reason?: string;
  /** Why the server refused it, where it said so. */
  readonly code?: Code;
}

/** What goes on inside, for a developer's log. No token is ever in it. */
export type ClientLog =
  | { readonly event: "connecting"; readonly attempt: number }
  | { readonly event: "open" }
  | { readonly event: "lost"; readonly code: number; readonly reason: string; readonly retryInMs?: number }
  /** Nothing came for too long, not even the answer to a question; the connection is given up. */
  | { readonly event: "silent"; readonly ms: number }
  /** The hub answers no questions: it speaks only part 1 of the wire. */
  | { readonly event: "classic" }
  | { readonly event: "unreadable"; readonly error: unknown }
  /** A refusal that belongs to no call. */
  | { readonly event: "refused"; readonly code: string; readonly message: string; readonly channel: string }
  | { readonly event: "token"; readonly error: unknown }
  /** A piece of text did not fit to what was there; the present state is asked for. */
  | { readonly event: "gap"; readonly channel: string; readonly messageId: string }
  /** A tool that runs here threw. */
  | { readonly event: "tool"; readonly name: string; readonly error: unknown }
  /** A listener threw. */
  | { readonly event: "listener"; readonly error: unknown };

/** One message on the wire, for developers who watch it. */
export interface WireFrame {
  readonly direction: "in" | "out";
  /** What went over the wire, as JSON; tokens are left out. Made when it is asked for. */
  text(): string;
}

/** Times, in milliseconds. */
export interface ClientTimes {
  /** A connection that does not open by then is given up; 10 s. */
  readonly openMs: number;
  /** A hub that has not answered a question by then is taken to speak part 1 only; 3 s. */
  readonly answerMs: number;
  /** After this much silence the hub is asked for a sign of life; 45 s. */
  readonly silenceMs: number;
  /** After this much more silence the connection is given up; 10 s. */
  readonly probeMs: number;
  /** A token is renewed this long before it expires; 30 s. */
  readonly renewMs: number;
}

export interface ClientOptions {
  /** `ws://…` or `wss://…` */
  readonly url: string;
  /** Sent in band, since browsers cannot set headers. A function is asked again before a token expires. */
  readonly token?: string | (() => Promise<string>);
  /** The global one unless given. */
  readonly WebSocket?: WebSocketConstructor;
  /** 500 ms growing to 20 s unless given. */
  readonly reconnect?: BackoffPolicy;
  readonly times?: Partial<ClientTimes>;
  readonly random?: () => number;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  readonly onLog?: (event: ClientLog) => void;
  /** Told of every message that comes and goes. */
  readonly onFrame?: (frame: WireFrame) => void;
}

export interface ConversationOptions {
  /** How many of the newest entries are loaded at first; 50 unless given. */
  readonly history?: number;
  /** How growing text travels; `delta` unless given. What one sees is the same. */
  readonly mode?: Mode;
}

export interface ConversationsQuery {
  readonly query?: string;
  /** `next` of the page before. */
  readonly before?: string;
  readonly limit?: number;
}

/** One connection to a hub, and the conversations that are read over it. */
export interface Client {
  readonly connection: ConnectionState;
  /** Calls back after every change of the connection; returns how to stop that. */
  onConnection(listener: (state: ConnectionState) => void): () => void;
  /** Subscribes. The same channel again is the same object (the first one's options hold). */
  conversation(channel: string, options?: ConversationOptions): Conversation;
  /** What the caller may read, newest change first. Rejects with a {@link ClientError}. */
  conversations(
    query?: ConversationsQuery,
  ): Promise<{ readonly conversations: readonly ConversationSummary[]; readonly next?: string }>;
  /** Ends the present wait: a person pressed "retry now", or the browser came online. */
  reconnectNow(): void;
  /** Ends everything; calls under way reject with `closed`. May be called twice. */
  close(): Promise<void>;
}
