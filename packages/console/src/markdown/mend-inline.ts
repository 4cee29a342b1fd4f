import { flanking } from "./flanking.ts";
import { labelTail, longestOpenLabel } from "./link-shape.ts";

/** Emphasis that was opened and not yet closed. */
interface Open {
  readonly at: number;
  readonly mark: string;
  /** How many marks of the run still wait for their partners. */
  count: number;
}

interface Bracket {
  /** Where the `[`, or the `!` before it, stands. */
  readonly at: number;
  readonly label: number;
}

const runAt = (text: string, at: number): number => {
  let end = at;
  while (text[end] === text[at]) end += 1;
  return end - at;
};

/** Closes what is open at the end of `text`; what was opened with nothing behind it is left out. */
const close = (text: string, open: readonly Open[]): string => {
  let body = text.trimEnd();
  const pending = [...open];
  for (let last = pending.at(-1); last && last.at + last.count >= body.length; last = pending.at(-1)) {
    body = body.slice(0, last.at).trimEnd();
    pending.pop();
  }
  if (pending.length === 0) return pending.length === open.length ? text : body;
  return (
    body +
    pending
      .toReversed()
      .map(({ mark, count }) => mark.repeat(count))
      .join("")
  );
};

/** The end of a code span whose opening run stands at `at`, or undefined while it is open. */
const endOfCodeSpan = (text: string, at: number, run: number): number | undefined => {
  for (let i = at + run; i < text.length;) {
    if (text[i] !== "`") i += 1;
    else {
      const here = runAt(text, i);
      i += here;
      if (here === run) return i;
    }
  }
  return undefined;
};

const closeCode = (text: string, at: number, run: number, open: readonly Open[]): string => {
  const code = text.slice(at + run).replace(/`+$/, "");
  if (code.trim() === "") return close(text.slice(0, at), open);
  const words = code.trimEnd();
  const apart = words.endsWith("`") ? " " : "";
  return close(text.slice(0, at + run) + words + apart + "`".repeat(run), open);
};

/** Spends a run of marks on the emphasis that is open; returns how many marks are left over. */
const spend = (open: Open[], mark: string, run: number): number => {
  let left = run;
  while (left > 0) {
    const index = open.findLastIndex((candidate) => candidate.mark === mark);
    const opener = open[index];
    if (!opener) break;
    const used = Math.min(left, opener.count);
    opener.count -= used;
    left -= used;
    open.length = opener.count === 0 ? index : index + 1;
  }
  return left;
};

/** An index, an interval or a citation begins with a word before or a digit behind; those are shown as they are. */
const mayBecomeLink = (text: string, { at, label }: Bracket): boolean =>
  text.length - at <= longestOpenLabel && !/\w/.test(text[at - 1] ?? "") && !/\d/.test(text[label] ?? "");

/**
 * Completes the emphasis, code span or link at the end of a text that is still being written, so that it already looks
 * as it most likely will: `**bo` becomes `**bo**`, `[text](http://exa` becomes `text`. Text without anything open is
 * returned as it is.
 */
export const mendInline = (text: string): string => {
  const open: Open[] = [];
  const brackets: Bracket[] = [];
  for (let i = 0; i < text.length;) {
    const char = text[i] ?? "";
    if (char === "\\") {
      // Before the end of a line it breaks that, once another line follows.
      if (text.slice(i + 1).trim() === "") return close(text.slice(0, i), open);
      i += 2;
    } else if (char === "`") {
      const run = runAt(text, i);
      const end = endOfCodeSpan(text, i, run);
      if (end === undefined) return closeCode(text, i, run, open);
      i = end;
    } else if (char === "*" || char === "_" || char === "~") {
      const run = runAt(text, i);
      const end = i + run;
      const can = flanking(char, text[i - 1] ?? "", text[end] ?? "");
      let left = run;
      if (char === "~" && run !== 2 && end < text.length) left = 0;
      if (can.closes && left > 0) left = spend(open, char, left);
      if (left > 0 && end === text.length) return close(text.slice(0, end - left), open);
      if (can.opens && left > 0) open.push({ at: end - left, mark: char, count: left });
      i = end;
    } else if (char === "[") {
      const image = text[i - 1] === "!";
      brackets.push({ at: image ? i - 1 : i, label: i + 1 });
      i += 1;
    } else if (char === "]") {
      const bracket = brackets.pop();
      const tail = bracket ? labelTail(text, i) : undefined;
      const bare = i + 1 === text.length;
      if (bracket && tail?.kind === "open" && (!bare || mayBecomeLink(text, bracket))) {
        return mendInline(text.slice(0, bracket.at) + text.slice(bracket.label, i));
      }
      i = tail?.kind === "whole" ? tail.end : i + 1;
    } else {
      i += 1;
    }
  }
  const label = brackets.findLast((bracket) => mayBecomeLink(text, bracket));
  if (label) return mendInline(text.slice(0, label.at) + text.slice(label.label));
  return close(text.endsWith("!") ? text.slice(0, -1) : text, open);
};
