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

/**
 * The given one, or the global one.
 *
 * @throws Error where there is neither: it would otherwise look like a server that is away
 */
export const webSocketFrom = (
  given: WebSocketConstructor | undefined,
  around: { readonly WebSocket?: WebSocketConstructor } = globalThis,
): WebSocketConstructor => {
  const found = given ?? around.WebSocket;
  if (found) return found;
  throw new Error("There is no global WebSocket here (Node has one from 22 on). Pass one: { WebSocket }.");
};
