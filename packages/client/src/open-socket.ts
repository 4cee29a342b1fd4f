import { ClientError } from "./client-error.ts";
import { closeSentence } from "./close-reason.ts";
import type { WebSocketConstructor, WebSocketLike } from "./web-socket.ts";

/** What is told of a socket that has opened. */
export interface SocketEvents {
  message(data: string): void;
  /** Called once, when it is over. */
  closed(code: number, reason: string): void;
}

/** Lets go of a socket without waiting for its peer. */
export const discardSocket = (socket: WebSocketLike): void => {
  if (socket.terminate) socket.terminate();
  else socket.close();
};

/** Opens one socket; rejects with `unreachable` when that fails or takes longer than `timeoutMs`. */
export const openSocket = (
  url: string,
  WebSocket: WebSocketConstructor,
  timeoutMs: number,
  events: SocketEvents,
): Promise<WebSocketLike> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    let opened = false;
    const late = setTimeout(() => {
      reject(new ClientError("unreachable"));
      discardSocket(socket);
    }, timeoutMs);
    socket.onopen = () => {
      opened = true;
      clearTimeout(late);
      resolve(socket);
    };
    socket.onmessage = (event: { readonly data: unknown }) => {
      if (typeof event.data === "string") events.message(event.data);
    };
    socket.onclose = (event: { readonly code: number; readonly reason: string }) => {
      clearTimeout(late);
      if (opened) events.closed(event.code, event.reason);
      else reject(new ClientError("unreachable", closeSentence(event.code, event.reason)));
    };
    // A close event follows every error; but a socket without a listener for errors may end the process.
    socket.onerror = () => undefined;
  });
