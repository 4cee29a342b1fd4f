/**
 * Text that arrives in pieces with offsets, in any order, some of them twice: the longest run from the start without a
 * gap is what may be shown. A value; `extend` gives the next one.
 */
export interface GaplessRun {
  /** Grows by concatenation. Whatever looks into it joins all of it, so that only what must does. */
  readonly text: string;
  /** What the last piece made of it longer. */
  readonly added: string;
  /** Pieces that lie beyond a gap, by offset. */
  readonly ahead: readonly { readonly offset: number; readonly text: string }[];
}

export const emptyRun: GaplessRun = { text: "", added: "", ahead: [] };

/** Pieces that may wait beyond a gap; more are dropped, since the final text supplies them anyway. */
const maxAhead = 64;

/**
 * Adds a piece. Costs the same however long the run is, unless the piece repeats some of it.
 *
 * @param offset where it begins, UTF-16 code units; undefined: right after what there is
 * @returns undefined when the piece says something else than what is there already
 */
export const extend = (run: GaplessRun, text: string, offset = run.text.length): GaplessRun | undefined => {
  const have = run.text.length;
  if (offset > have) {
    const ahead =
      run.ahead.length < maxAhead
        ? [...run.ahead, { offset, text }].toSorted((a, b) => a.offset - b.offset)
        : run.ahead;
    return { text: run.text, added: "", ahead };
  }
  if (offset < have && !text.startsWith(run.text.slice(offset, offset + text.length))) return undefined;
  const added = offset === have ? text : text.slice(have - offset);
  const grown = run.text + added;
  const [next, ...rest] = run.ahead;
  if (!next || next.offset > grown.length) return { text: grown, added, ahead: run.ahead };
  const more = extend({ text: grown, added, ahead: rest }, next.text, next.offset);
  return more && { ...more, added: added + more.added };
};
