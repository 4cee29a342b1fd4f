import type { WorkerMessage } from "@colloquy/protocol/workers";
import type { BackoffPolicy } from "./backoff.ts";
import type { ClientLog, ClientTimes, ConnectionState } from "./client.ts";
import type { WebSocketConstructor } from "./web-socket.ts";

/** A prompt that a worker is asked. */
export interface WorkerPrompt {
  /** Names this asking. */
  readonly id: string;
  readonly text: string;
  /** Whole exchanges before this prompt, oldest first. */
  readonly history: readonly WorkerMessage[];
  readonly conversation: string;
  readonly author: string;
  readonly instructions?: string;
  /** Says "mine, working on it" before there is any text; the text itself says so too. */
  claim(): void;
}

/**
 * What a worker answers: pieces of text as they come, all of it at once, or nothing (or a stream of nothing), which
 * declines the prompt.
 */
export type WorkerReply = AsyncIterable<string> | Promise<string | undefined> | string | undefined;

/** What goes on inside, for a developer's log. No token is ever in it. */
export type WorkerLog =
  | ClientLog
  /** The server takes this worker's answers. */
  | { readonly event: "registered"; readonly name: string }
  /** The server refused something; `id` names the prompt that it is about. */
  | { readonly event: "turned down"; readonly code: string; readonly message: string; readonly id?: string }
  /** `respond` threw. */
  | { readonly event: "failed"; readonly id: string; readonly error: unknown };

export interface WorkerOptions {
  /** `ws://…/models` or `wss://…/models` */
  readonly url: string;
  /** Sent in band. A function is asked again before a token expires. */
  readonly token?: string | (() => Promise<string>);
  /** What this model is called; the token must allow it. */
  readonly name: string;
  /** What it is for, a sentence for people. */
  readonly about?: string;
  /** How many prompts it takes at a time; 1 unless given. */
  readonly concurrency?: number;
  /**
   * Answers a prompt, or declines it. Answer if, and only if, the prompt is this model's business: others may be asked at the
   * same time. `signal` is aborted when nobody wants the answer any more. What it throws is a failure of this model.
   */
  readonly respond: (prompt: WorkerPrompt, signal: AbortSignal) => WorkerReply;
  /** The global one unless given. */
  readonly WebSocket?: WebSocketConstructor;
  /** 500 ms growing to 20 s unless given. */
  readonly reconnect?: BackoffPolicy;
  readonly times?: Partial<ClientTimes>;
  readonly random?: () => number;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  readonly onLog?: (event: WorkerLog) => void;
}

/** A model that answers prompts from outside the server. */
export interface ModelWorker {
  readonly connection: ConnectionState;
  /** Whether the server has this worker on its list just now. */
  readonly registered: boolean;
  /** How many prompts it has in hand. */
  readonly busy: number;
  /** Takes its leave: what it has in hand is aborted. May be called twice. */
  close(): Promise<void>;
}
