import { plainQuestion } from "../plain-question.ts";
import { withDigits } from "../number-words.ts";
import { sumPhrases } from "./sum-phrases.ts";
import { reordered } from "./sum-shapes.ts";
import { withUnits } from "./unit-words.ts";

/** Something to work out. */
export interface Sum {
  /** In the calculator's language, if it is a sum at all: that is for the calculator to find out. */
  readonly expression: string;
  /** The base that the result is wanted in. */
  readonly base?: 2 | 8 | 10 | 16;
}

/** Longer prompts are no sums. */
const longest = 300;

const opening =
  /^(?:(?:what(?:'s| is| are| does| do)?|whats|how (?:much|long|far|heavy|hot|cold|fast|big|tall|many) (?:is|are)|calculate|compute|evaluate|work out|solve|convert|find|calc|math|=|:)[\s:]+)+/i;
const baseFirst = /^(?:the )?(binary|octal|hex|hexadecimal)(?: (?:of|for)|:) (.+)$/i;
const closing = /(?: is| equals?| makes?)(?: what)?$/i;
const bases: Readonly<Record<string, 2 | 8 | 10 | 16>> = {
  binary: 2,
  octal: 8,
  decimal: 10,
  hex: 16,
  hexadecimal: 16,
};

/** Dates, telephone numbers and the like: digits with signs between that nobody wants worked out. */
const noSum =
  /^(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\/\d{1,2}\/\d{2,4}|\d{1,2}-\d{1,2}-\d{4}|\d{3}-\d{4}|\d{3}-\d{3}-\d{4})$/;

/** Signs that no sum has. */
const foreign = /["'`;[\]{}\\@#&|~:]/;

/** Whether there is anything to do: a sign, a call, a conversion. */
const isTask = /[-+*/^!%=<>]|\bmod\b|[a-z0-9]\(| (?:to|in|into|as) /i;

/** The prompt as a sum; undefined for what surely is none. */
export const readSum = (prompt: string): Sum | undefined => {
  const plain = plainQuestion(prompt.trim().replace(/\s*=\s*\??$/, ""), longest);
  if (plain === undefined || noSum.test(plain)) return undefined;
  const asked = plain.replace(opening, "").replace(closing, "");
  if (foreign.test(asked.replaceAll(/\d ?['"]/g, ""))) return undefined;
  // After a number it is a factorial, else only emphasis.
  let text = withDigits(asked.replace(/(?<![\d)])[!\s]+$/, ""));
  text = text.replaceAll(/(?<![\d,.(])(?<!\([^()]*)\d{1,3}(?:,\d{3})+(?![\d,])/g, (all) =>
    all.replaceAll(",", ""),
  );
  const based = /^(.+?) (?:in|to|into|as) (binary|octal|decimal|hex|hexadecimal)$/i.exec(
    text.replace(baseFirst, "$2 in $1"),
  );
  const base = bases[based?.[2]?.toLowerCase() ?? ""];
  text = withUnits(reordered(based?.[1] ?? text));
  for (const [phrase, meaning] of sumPhrases) text = text.replaceAll(phrase, meaning);
  text = text.trim().replace(/^(?:a|an|one) (?=[a-z])/i, "1 ");
  if (!/\d|\bpi\b|\be\b/.test(text) || (base === undefined && !isTask.test(text))) return undefined;
  return { expression: text.replaceAll(/ (?:into|as) /g, " to "), ...(base !== undefined && { base }) };
};
