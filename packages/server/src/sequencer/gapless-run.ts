/**
 * Text that arrives in pieces with offsets, in any order, some of them twice: the longest run from the start without a
 * gap is what may be shown. A value; `extend` gives the next one.
 */
export interface GaplessRun {
  readonly text: string;
  /** Pieces that lie beyond a gap, by offset. */
  readonly ahead: readonly { readonly offset: number; readonly text: string }[];
}

export const emptyRun: GaplessRun = { text: "", ahead: [] };

/** Pieces that may wait beyond a gap; more are dropped, since the final text supplies them anyway. */
const maxAhead = 64;

/**
 * Adds a piece.
 *
 * @param offset where it begins, UTF-16 code units; undefined: right after what there is
 * @returns undefined when the piece says something else than what is there already
 */
export const extend = (run: GaplessRun, text: string, offset = run.text.length): GaplessRun | undefined => {
  if (offset > run.text.length) {
    if (run.ahead.length >= maxAhead) return run;
    return {
      text: run.text,
      ahead: [...run.ahead, { offset, text }].toSorted((a, b) => a.offset - b.offset),
    };
  }
  const overlap = run.text.slice(offset, offset + text.length);
  if (!text.startsWith(overlap)) return undefined;
  const grown = run.text + text.slice(run.text.length - offset);
  const [next, ...rest] = run.ahead;
  if (!next || next.offset > grown.length) return { text: grown, ahead: run.ahead };
  return extend({ text: grown, ahead: rest }, next.text, next.offset);
};
