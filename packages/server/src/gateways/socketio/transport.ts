import { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import type { EngineConnection } from "./context.ts";

/*
 * What Engine.IO has no public name for. It keeps the `ws` of a transport, and that its socket, in fields of theirs; a test
 * notices if one of them goes away, and until then such a connection would be served as if it polled.
 */

type Transport = EngineConnection["transport"];

const isWebSocket = (value: unknown): value is WebSocket =>
  typeof value === "object" && value !== null && "ping" in value && "on" in value;

/** The socket of the WebSocket transport; undefined for polling. */
export const webSocketOf = (transport: Transport): WebSocket | undefined => {
  const ws: unknown = transport.name === "websocket" ? Reflect.get(transport, "socket") : undefined;
  return isWebSocket(ws) ? ws : undefined;
};

/** What a `ws` writes to. */
export const netSocketOf = (ws: WebSocket): Duplex | undefined => {
  const socket: unknown = Reflect.get(ws, "_socket");
  return socket instanceof Duplex ? socket : undefined;
};

/** Whether a transport takes a packet at once: of polling, whether a poll waits for an answer. */
export const isWritable = (transport: Transport): boolean => transport.writable;

/** Packets that wait in Engine.IO's own buffer. */
export const packetsWaiting = (conn: EngineConnection): number => {
  const packets: unknown = Reflect.get(conn, "writeBuffer");
  return Array.isArray(packets) ? packets.length : 0;
};

/**
 * Keeps of a connection's first request what Socket.IO makes handshakes of, and lets go of the rest: kilobytes that nobody reads.
 */
export const forgetRequest = (conn: EngineConnection): void => {
  const { headers, url, socket } = conn.request;
  const query: unknown = Reflect.get(conn.request, "_query");
  const { encrypted = false }: { encrypted?: boolean } = Object(socket);
  Reflect.set(conn, "request", { headers, url, _query: query, connection: { encrypted } });
};
