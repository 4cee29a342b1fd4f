import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A connection of a breakout. */
export interface Breakout {
  readonly socket: Socket;
  /** What the server has sent back: nothing, ever. */
  readonly received: () => number;
  readonly closed: Promise<void>;
  /** Writes the bytes, in pieces of so many if given, each in a segment of its own. */
  readonly write: (data: string | Uint8Array, pieces?: number) => Promise<void>;
}

export const openBreakout = async (port: number): Promise<Breakout> => {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  let received = 0;
  socket.on("data", (chunk) => (received += chunk.length));
  socket.on("error", () => {});
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  await new Promise<void>((resolve) => {
    socket.once("connect", () => resolve());
    socket.once("error", () => resolve());
  });
  return {
    socket,
    received: () => received,
    closed,
    async write(data, pieces) {
      const bytes = Buffer.from(data);
      const size = pieces ?? bytes.length;
      for (let at = 0; at < bytes.length; at += size) {
        socket.write(bytes.subarray(at, at + size));
        if (pieces !== undefined) await sleep(0);
      }
    },
  };
};

/** One prompt, as a breakout sends it: connect, write, close. */
export const breakOut = async (port: number, text: string | Uint8Array, pieces?: number): Promise<void> => {
  const breakout = await openBreakout(port);
  await breakout.write(text, pieces);
  breakout.socket.end();
  await breakout.closed;
};
