import type { EscapedText } from "@colloquy/protocol";

/** Opcodes with the FIN bit: each of our frames is whole (RFC 6455 §5.2). */
const text = 0x81;
const ping = 0x89;

const counterBytes = 6;

const lengthOf = (pieces: EscapedText): number => {
  let bytes = 0;
  for (const piece of pieces) bytes += typeof piece === "string" ? Buffer.byteLength(piece) : piece.length;
  return bytes;
};

/** Pieces up to this many UTF-16 code units are made one: measuring and writing each costs more than joining a few. */
const joinUpTo = 2_048;

const joined = (pieces: EscapedText): EscapedText => {
  let text = "";
  for (const piece of pieces) {
    if (typeof piece !== "string" || text.length + piece.length > joinUpTo) return pieces;
    text += piece;
  }
  return [text];
};

/** Writes the header of an unmasked frame; returns where the payload begins. */
const writeHeader = (frame: Buffer, length: number): number => {
  frame[0] = text;
  if (length < 126) {
    frame[1] = length;
    return 2;
  }
  if (length < 65_536) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
    return 4;
  }
  frame[1] = 127;
  frame.writeUInt32BE(0, 2);
  frame.writeUInt32BE(length, 6);
  return 10;
};

/**
 * A text frame, header and payload in one buffer, ready for any number of sockets: a server's frames are not masked, so
 * the same bytes serve all readers and cost one copy.
 *
 * @param pieces JSON text to be joined with nothing between
 */
export const textFrame = (given: EscapedText): Buffer => {
  const pieces = joined(given);
  const length = lengthOf(pieces);
  const frame = Buffer.allocUnsafe(length + (length < 126 ? 2 : length < 65_536 ? 4 : 10));
  let at = writeHeader(frame, length);
  for (const piece of pieces) {
    if (typeof piece === "string") {
      at += frame.write(piece, at);
    } else {
      frame.set(piece, at);
      at += piece.length;
    }
  }
  return frame;
};

/** A text frame of one JSON value; for answers, of which there are few. */
export const jsonFrame = (value: object): Buffer => textFrame([JSON.stringify(value)]);

/** A ping that carries a counter of bytes, which its pong brings back. */
export const pingFrame = (counter: number): Buffer => {
  const frame = Buffer.allocUnsafe(2 + counterBytes);
  frame[0] = ping;
  frame[1] = counterBytes;
  frame.writeUIntBE(counter, 2, counterBytes);
  return frame;
};

/** The counter in a pong; undefined for pongs that answer none of our pings. */
export const counterOf = (pong: Buffer): number | undefined =>
  pong.length === counterBytes ? pong.readUIntBE(0, counterBytes) : undefined;
