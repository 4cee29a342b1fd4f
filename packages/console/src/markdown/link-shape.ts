/** Longest label that is taken for the beginning of a link before its `]` has come. */
export const longestOpenLabel = 80;

/** What follows the `]` of a label. */
export type LabelTail =
  /** A whole link or reference; goes on at `end`. */
  | { readonly kind: "whole"; readonly end: number }
  /** It may become a link, but its end has not come. */
  | { readonly kind: "open" }
  /** Only brackets. */
  | { readonly kind: "none" };

/** Where a `(destination "title")` that begins at `at` ends, or undefined while its `)` has not come. */
const endOfDestination = (text: string, at: number): number | undefined => {
  let depth = 0;
  let quote = "";
  for (let i = at; i < text.length; i += 1) {
    const char = text[i] ?? "";
    if (char === "\\") i += 1;
    else if (quote !== "") quote = char === quote ? "" : quote;
    else if (char === '"' && /\s/.test(text[i - 1] ?? "")) quote = char;
    else if (char === "(") depth += 1;
    else if (char === ")") {
      depth -= 1;
      if (depth === 0) return i + 1;
    }
  }
  return undefined;
};

/** What stands behind the `]` at `close`. */
export const labelTail = (text: string, close: number): LabelTail => {
  const next = text[close + 1];
  if (next === undefined) return { kind: "open" };
  if (next === "(") {
    const end = endOfDestination(text, close + 1);
    if (end !== undefined) return { kind: "whole", end };
    const spaced = /^\(\s*[^\s)]*\s+[^\s"'(]/.test(text.slice(close + 1));
    return spaced ? { kind: "none" } : { kind: "open" };
  }
  if (next === "[") {
    const end = text.indexOf("]", close + 2);
    return end === -1 ? { kind: "open" } : { kind: "whole", end: end + 1 };
  }
  return { kind: "none" };
};
