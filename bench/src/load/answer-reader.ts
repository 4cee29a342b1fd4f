import { createHash } from "node:crypto";
import { ageOf, tokenLength } from "../stamp.ts";
import type { Histogram } from "./histogram.ts";
import type { Said } from "./wire.ts";

/** What a reader has of one answer, pieced together as its wire says it. */
export interface AnswerReader {
  /** Takes what was said at `now`; ages of new tokens go into the histogram that the meantime of `watch` names. */
  take(said: Said, now: number): void;
  readonly text: () => string;
  readonly length: () => number;
  readonly frames: () => number;
  readonly ended: () => boolean;
  /** Newest cursor; the empty string before the first. */
  readonly cursor: () => string;
  /** What went against the promises of the wire: gaps, repeats, an end with another text. */
  readonly faults: () => readonly string[];
  /** Whether the text is, byte for byte, what the provider says it sent. */
  matches(digest: Digest | undefined): boolean;
}

export interface Digest {
  readonly length: number;
  readonly sha1: string;
}

/** Where ages of tokens are counted at the moment; nothing is counted while it is undefined. */
export interface Watch {
  histogram: Histogram | undefined;
  /** Only tokens that left the provider in this stretch of shared time count, whenever they come. */
  from: number;
  to: number;
}

export const createAnswerReader = (watch: Watch): AnswerReader => {
  const pieces: string[] = [];
  const faults: string[] = [];
  let length = 0;
  let frames = 0;
  let ended = false;
  let cursor = "";

  const grow = (text: string, now: number): void => {
    const first = (tokenLength - (length % tokenLength)) % tokenLength;
    pieces.push(text);
    length += text.length;
    const { histogram } = watch;
    if (!histogram) return;
    for (let at = first; at + tokenLength <= text.length; at += tokenLength) {
      const age = ageOf(text, at, now);
      const left = now - age;
      if (left >= watch.from && left < watch.to) histogram.add(age);
    }
  };
  const joined = (): string => {
    if (pieces.length > 1) pieces.splice(0, pieces.length, pieces.join(""));
    return pieces[0] ?? "";
  };

  return {
    take(said, now) {
      if (said.kind === "text") {
        frames += 1;
        if (said.cursor !== undefined) cursor = said.cursor;
        if (said.whole === true) {
          if (said.text.length > length) grow(said.text.slice(length), now);
        } else {
          if (said.offset !== undefined && said.offset !== length)
            faults.push(`offset ${said.offset} at ${length}`);
          grow(said.text, now);
        }
      } else if (said.kind === "end") {
        if (ended) faults.push("a second end");
        ended = true;
        if (said.text === undefined) return;
        // The end may carry the last text itself; what was there before must be its beginning.
        if (!said.text.startsWith(joined())) faults.push("the end has another text");
        grow(said.text.slice(length), now);
      } else if (said.kind === "fault") {
        faults.push(said.why);
      }
    },
    text: joined,
    length: () => length,
    frames: () => frames,
    ended: () => ended,
    cursor: () => cursor,
    faults: () => faults,
    matches: (digest) =>
      digest !== undefined &&
      digest.length === length &&
      digest.sha1 === createHash("sha1").update(joined()).digest("hex"),
  };
};
