import type { BackoffPolicy } from "./backoff.ts";
import type { ClientError } from "./client-error.ts";
import type { ClientOptions } from "./client.ts";
import type { WebSocketConstructor } from "./web-socket.ts";

/** How often something is tried, and how long is waited in between. */
export interface RetryPolicy {
  readonly tries: number;
  /** Milliseconds, always the same; or a policy for growing, jittered waits. */
  readonly wait: number | BackoffPolicy;
  /** A try that took this long has failed, milliseconds. */
  readonly timeoutMs: number;
}

/** Something that did not work. `last` is false while it will be tried again. */
export interface PublisherFailure {
  /** `refused`: the hub did not take a frame. `connection`: it was lost; the next call opens another. */
  readonly operation: "connect" | "subscribe" | "unsubscribe" | "send" | "ping" | "connection" | "refused";
  /** 1 is the first try. */
  readonly attempt: number;
  readonly last: boolean;
  readonly error: ClientError;
  readonly channel?: string;
}

export interface PublisherOptions {
  readonly url: string;
  readonly token?: ClientOptions["token"];
  /** The global one unless given. Only with `ws` are pings sent; elsewhere the server's pings keep the connection alive. */
  readonly WebSocket?: WebSocketConstructor;
  /** 3 tries, 1 s apart, 10 s each. */
  readonly connect?: Partial<RetryPolicy>;
  /** 3 tries, 1 s apart, 5 s each. */
  readonly send?: Partial<RetryPolicy>;
  /** How long a subscribe or unsubscribe may take to leave; 5 s. */
  readonly subscribeMs?: number;
  /** Between pings; 30 s. A ping that is not answered before the next one means that the connection is lost. */
  readonly pingMs?: number;
  readonly random?: () => number;
  readonly onFailure?: (failure: PublisherFailure) => void;
}

/**
 * Publishes on channels. Every call connects when there is no connection, and after a lost one subscribes again to what was
 * subscribed. Frames leave in the order of the calls. A frame counts as sent once the socket has taken it.
 */
export interface Publisher {
  readonly connected: boolean;
  /** Rejects with `unreachable` after the last try, with the hub's code when the token was refused. */
  connect(signal?: AbortSignal): Promise<void>;
  subscribe(channel: string): Promise<void>;
  unsubscribe(channel: string): Promise<void>;
  /** Rejects with `unreachable` or `too_slow` after the last try, with the signal's reason when that is aborted. */
  send(channel: string, payload: object, signal?: AbortSignal): Promise<void>;
  /** Unsubscribes, then closes. May be called twice. */
  close(): Promise<void>;
}
