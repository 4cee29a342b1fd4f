import type { Socket } from "node:net";
import { createHash } from "node:crypto";
import { stampOf } from "../stamp.ts";
import type { Order } from "./order.ts";

/** One answer that is being streamed. */
export interface AnswerStream {
  /** Sends what is due at `now`: at most one token, so that each token is a packet of its own. */
  tick(now: number): void;
  /** Ends the answer as a provider does. */
  finish(): void;
  readonly ended: () => boolean;
  /** Length and SHA-1 of everything said so far. */
  digest(): { readonly length: number; readonly sha1: string };
}

const event = (json: string): string => `data: ${json}\n\n`;
const chunked = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;
const piece = (delta: string, reason: string): string =>
  event(
    `{"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1760000000,"model":"bench","system_fingerprint":"fp_0","choices":[{"index":0,"delta":${delta},"logprobs":null,"finish_reason":${reason}}]}`,
  );

/** All tokens have one length, so an event is two constant strings with the token between them. */
const [before = "", after = ""] = chunked(piece('{"content":"@@@@"}', "null")).split("@@@@");
const opening =
  "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n" +
  chunked(piece('{"role":"assistant","content":""}', "null"));

/** Begins an answer on a connection: the head and the empty first event leave at once. */
export const openAnswer = (socket: Socket, order: Order, startedAt: number): AnswerStream => {
  const interval = 1000 / order.rate;
  let due = startedAt + interval;
  let sent = 0;
  let text = "";
  let ended = false;
  socket.write(opening, "latin1");

  const finish = (): void => {
    if (ended) return;
    ended = true;
    const usage = `{"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1760000000,"model":"bench","choices":[],"usage":{"prompt_tokens":12,"completion_tokens":${sent},"total_tokens":${sent + 12}}}`;
    socket.write(`${chunked(piece("{}", '"stop"') + event(usage) + event("[DONE]"))}0\r\n\r\n`, "latin1");
  };

  return {
    tick(now) {
      if (ended || now < due) return;
      if (socket.destroyed) {
        ended = true;
        return;
      }
      const token = stampOf(now);
      socket.write(before + token + after, "latin1");
      text += token;
      sent += 1;
      due += interval;
      if (sent === order.count) finish();
    },
    finish,
    ended: () => ended,
    digest: () => ({ length: text.length, sha1: createHash("sha1").update(text).digest("hex") }),
  };
};
