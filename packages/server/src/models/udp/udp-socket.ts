import { createSocket } from "node:dgram";
import { lookup } from "node:dns";
import { isIPv4 } from "node:net";
import { ColloquyError } from "../../kernel/colloquy-error.ts";

/** Where a datagram came from. */
export interface UdpSource {
  readonly address: string;
  readonly port: number;
}

export interface UdpSocketOptions {
  /** 0: any that is free. */
  readonly port: number;
  readonly onDatagram: (bytes: Buffer, source: UdpSource) => void;
  readonly onError: (error: Error) => void;
}

/** A bound UDP socket (IPv4) that may send to broadcast addresses too. */
export interface UdpSocket {
  readonly port: number;
  /** The datagram is with the system when this returns, unless its queue is full. `failed` comes later. */
  send(bytes: Uint8Array, port: number, address: string, failed?: (error: Error) => void): void;
  /** May be called twice. */
  close(): Promise<void>;
}

/** @throws ColloquyError `not_available` with a sentence for the operator when the port cannot be had */
export type OpenUdpSocket = (options: UdpSocketOptions) => Promise<UdpSocket>;

/** Datagrams that come while the loop is busy wait here, bytes; the system may grant less. */
const receiveBuffer = 4 * 1024 * 1024;

/**
 * Opens a socket on all interfaces: one that is bound to 127.0.0.1 gets nothing of what is sent to a broadcast address, not even
 * to that of loopback. Whoever listens looks at each datagram's source instead.
 */
export const openUdpSocket: OpenUdpSocket = async ({ port, onDatagram, onError }) => {
  const socket = createSocket({
    type: "udp4",
    // An address needs no looking up: so all datagrams of a broadcast leave at once, in one turn of the loop.
    lookup: (host, options, done) => (isIPv4(host) ? done(null, host, 4) : lookup(host, options, done)),
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("error", (error) => {
      socket.close();
      reject(refusal(port, error));
    });
    socket.bind({ port, address: "0.0.0.0", exclusive: true }, resolve);
  });
  socket.removeAllListeners("error");
  socket.on("error", onError);
  socket.setBroadcast(true);
  grow(() => socket.setRecvBufferSize(receiveBuffer));
  socket.on("message", onDatagram);
  let closing: Promise<void> | undefined;
  return {
    port: socket.address().port,
    send(bytes, to, address, failed) {
      if (closing) return;
      socket.send(bytes, to, address, failed && ((error) => (error ? failed(error) : undefined)));
    },
    close() {
      closing ??= new Promise((resolve) => socket.close(() => resolve()));
      return closing;
    },
  };
};

/** Some systems refuse what is more than they allow instead of granting less; the socket works all the same. */
const grow = (attempt: () => void): void => {
  try {
    attempt();
  } catch {
    // It keeps the system's own size.
  }
};

const refusal = (port: number, error: NodeJS.ErrnoException): ColloquyError => {
  const why =
    error.code === "EADDRINUSE"
      ? "is taken by another program"
      : error.code === "EACCES"
        ? "may not be opened by this user"
        : `cannot be opened (${error.message})`;
  return new ColloquyError("not_available", { message: `UDP port ${port} ${why}.`, cause: error });
};
