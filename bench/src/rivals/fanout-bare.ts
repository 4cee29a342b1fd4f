/**
 * The limit of plain fan-out in Node: bare sockets. The publisher's frame is read, framed once, and the same bytes are
 * written to every subscriber in a loop. No library, no bookkeeping; no server can do the same job with less.
 */
import { createHash } from "node:crypto";
import { createServer, type Socket } from "node:net";

const subscribers = new Set<Socket>();

const accept = (key: string): string =>
  createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");

const framed = (payload: Buffer): Buffer => {
  const head = payload.length < 126 ? Buffer.from([0x81, payload.length]) : Buffer.from([0x81, 126, 0, 0]);
  if (payload.length >= 126) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
};

/** The payloads of whole client frames under 64 KiB that were masked with zeros, as the load clients mask. */
const payloadsOf = (bytes: Buffer): Buffer[] => {
  const payloads: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    const short = (bytes[at + 1] ?? 0) & 127;
    const begin = at + (short === 126 ? 8 : 6);
    const end = begin + (short === 126 ? bytes.readUInt16BE(at + 2) : short);
    payloads.push(bytes.subarray(begin, end));
    at = end;
  }
  return payloads;
};

const take = (socket: Socket, payload: Buffer): void => {
  if (payload.includes('"action":"subscribe"')) {
    subscribers.add(socket);
    return;
  }
  const bytes = framed(payload);
  for (const subscriber of subscribers) subscriber.write(bytes);
};

const server = createServer({ noDelay: true }, (socket) => {
  socket.once("data", (head: Buffer) => {
    const key = /^sec-websocket-key: *(\S+)/im.exec(head.toString("latin1"))?.[1] ?? "";
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept(key)}\r\n\r\n`,
    );
    socket.on("data", (bytes: Buffer) => {
      for (const payload of payloadsOf(bytes)) take(socket, payload);
    });
  });
  socket.on("close", () => subscribers.delete(socket));
  socket.on("error", () => socket.destroy());
});
server.listen({ port: Number(process.env["PORT"]), host: "127.0.0.1", backlog: 4096 });
