/**
 * As much of a WebSocket as this package uses: the browser's, Node's own, and `ws` all fit. `ws` also brings `ping`, which
 * is used for keepalive where it is there.
 */
export interface WebSocketLike {
  readonly readyState: number;
  readonly bufferedAmount: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(data: string): void;
  close(code?: number, reason?: string): void;
  ping?(): void;
  on?(event: "pong" | "ping", listener: () => void): unknown;
  /** Drops the connection without a farewell. */
  terminate?(): void;
}

export type WebSocketConstructor = new (url: string) => WebSocketLike;
