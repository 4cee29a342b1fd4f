import { connect } from "node:net";
import type { Said } from "./wire.ts";

export interface SseOptions {
  readonly port: number;
  readonly buffer: Buffer;
  readonly order: string;
  readonly onSaid: (said: Said) => void;
}

const mark = Buffer.from('"content":"');

/**
 * Reads an answer from the stand-in itself, with no server in between: what the load costs by itself. Resolves to the
 * function that asks. A read that ends in the middle of an event would be misread; on loopback an event is a packet.
 */
export const openSse = ({ port, buffer, order, onSaid }: SseOptions): Promise<() => void> =>
  new Promise((resolve, reject) => {
    const body = JSON.stringify({
      model: "bench",
      stream: true,
      messages: [{ role: "user", content: order }],
    });
    const request = `POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const take = (length: number): void => {
      const bytes = buffer.subarray(0, length);
      for (let at = bytes.indexOf(mark); at !== -1; at = bytes.indexOf(mark, at)) {
        at += mark.length;
        const text = bytes.toString("latin1", at, bytes.indexOf('"', at));
        if (text !== "") onSaid({ kind: "text", text });
      }
      if (bytes.includes("[DONE]")) onSaid({ kind: "end" });
    };
    const socket = connect({
      port,
      host: "127.0.0.1",
      noDelay: true,
      onread: {
        buffer,
        callback: (length) => {
          take(length);
          return true;
        },
      },
    });
    socket.on("connect", () => resolve(() => socket.write(request)));
    socket.on("error", reject);
  });
