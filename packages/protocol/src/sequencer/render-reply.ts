import type { Generation } from "./shapes.ts";
import { utf8Length } from "./utf8-length.ts";

/** A reply on its way to a sequencer. */
export interface NewReply {
  readonly text: string;
  /** Whether what was asked has been done. */
  readonly sysbool: boolean;
  /** `Node-5001`: a name, and the port on which the model hears. */
  readonly sender: string;
  readonly generation: Generation;
  /** The prompt's own `id`, when it had one. */
  readonly id?: string;
  /** `HH:MM:SS`; generation 1 tells it. */
  readonly time: string;
}

/** A datagram; `cut` tells whether the text had to be shortened. */
export interface RenderedReply {
  readonly text: string;
  readonly cut: boolean;
}

const ellipsis = "…";

/**
 * Writes a reply with every field of its generation, for existing sequencers fail when one is missing. They read a fixed number
 * of bytes and lose what is longer as a whole, so the text is shortened to `maxBytes`, between characters, with `…` at its end.
 */
export const renderReply = (
  reply: NewReply,
  maxBytes: number,
  bytesOf: (text: string) => number = utf8Length,
): RenderedReply => {
  const said = reply.text.toWellFormed();
  const whole = write(reply, said);
  if (bytesOf(whole) <= maxBytes) return { text: whole, cut: false };
  let fits = 0;
  let tooLong = said.length;
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (bytesOf(write(reply, shortened(said, middle))) <= maxBytes) fits = middle;
    else tooLong = middle;
  }
  return { text: write(reply, shortened(said, fits)), cut: true };
};

/** The first so many code units, without half a character at the end. */
const shortened = (text: string, length: number): string => {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? length - 1 : length) + ellipsis;
};

const write = ({ generation, sysbool, sender, id, time }: NewReply, text: string): string => {
  const added = id === undefined ? {} : { id };
  return JSON.stringify(
    generation === 1
      ? { message: text, sysbool: sysbool ? "True" : "False", timestamp: time, sender, ...added }
      : { sysbool, sender, work_summary: text, ...added },
  );
};

/** "Not for me", said to a sequencer whose prompt had an id. */
export const renderDecline = (sender: string, id: string): string =>
  JSON.stringify({ id, sender, decline: true });
