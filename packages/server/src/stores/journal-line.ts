import type { JournalRecord } from "./live-journal.ts";
import { escapeJson, type LiveText, type LiveTexts } from "./live-texts.ts";

/*
 * A journal file is lines of JSON, each whole in itself: `c` conversation, `t` turn, and either `f` (forgotten) or `x`
 * (text) with `o` (its offset, 0 when missing), and `r` (the number of resets) or `k` (the offsets that they kept).
 */

/** A record as a line. Composed by hand: this is done for every piece of text that anyone says. */
export const recordLine = (head: string, { offset, resets, escaped }: JournalRecord): string =>
  resets === 0
    ? `${head}"o":${offset},"x":"${escaped}"}\n`
    : `${head}"o":${offset},"r":${resets},"x":"${escaped}"}\n`;

/** All that is known of a text, as one line. */
export const wholeLine = ({ head, resets, escaped }: LiveText): string =>
  resets.length === 0 ? `${head}"x":"${escaped}"}\n` : `${head}"k":[${resets.join(",")}],"x":"${escaped}"}\n`;

/** A turn that is over. */
export const forgottenLine = (conversation: string, turn: number): string =>
  `{"c":${JSON.stringify(conversation)},"t":${turn},"f":1}\n`;

/** Takes a line that an earlier process wrote; false when it cannot be read. */
export const takeLine = (line: string, texts: LiveTexts): boolean => {
  let fields: Record<string, unknown> | null;
  try {
    fields = JSON.parse(line);
  } catch {
    return false;
  }
  const { c, t, o = 0, r = 0, k = [], f, x } = fields ?? {};
  if (typeof c !== "string" || typeof t !== "number") return false;
  if (f !== undefined) {
    texts.forget(c, t);
    return true;
  }
  if (typeof x !== "string" || typeof o !== "number" || typeof r !== "number" || !Array.isArray(k))
    return false;
  const text = texts.apply({ conversation: c, turn: t, offset: o, escaped: escapeJson(x), resets: r });
  if (text && k.length > 0) text.resets.splice(0, Infinity, ...k.map(Number));
  return true;
};
