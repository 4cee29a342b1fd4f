import type { EscapedText } from "@colloquy/protocol";
import { textFrame } from "../../kernel/framing.ts";

/** Engine.IO's `message`, then Socket.IO's `EVENT`. */
const eventOf = (namespace: string): string => (namespace === "/" ? "42" : `42${namespace},`);

/** An event as a WebSocket frame, ready for any number of sockets of a namespace. */
export const eventFrame = (namespace: string, name: string, payload: EscapedText): Buffer =>
  textFrame([`${eventOf(namespace)}[${JSON.stringify(name)},`, ...payload, "]"]);

const headerOf = (frame: Buffer): number => {
  const length = (frame[1] ?? 0) & 0x7f;
  return length === 127 ? 10 : length === 126 ? 4 : 2;
};

/** Engine.IO's separator of packets in a polling payload. */
const separator = "\x1e";

/**
 * The same frames for the polling transport, which takes the text of a message and puts Engine.IO's type before it: several
 * of them in one, so that they leave in one answer to a poll.
 */
export const pollingText = (frames: readonly Buffer[]): string =>
  frames
    .map((frame) => frame.toString("utf8", headerOf(frame)))
    .join(separator)
    .slice(1);
