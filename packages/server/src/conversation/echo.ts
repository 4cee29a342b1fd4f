/** What an earlier run of a turn said, while a new run says it again. */
export interface Echo {
  readonly text: string;
  /** How much of it has been said again, UTF-16 code units. */
  matched: number;
}

type Heard =
  /** Nothing new yet. */
  | { readonly kind: "same"; readonly matched: number }
  /** All of it was said again, and then `rest`. */
  | { readonly kind: "beyond"; readonly rest: string }
  /** The new run says something else from `keep` on: `rest`. */
  | { readonly kind: "differs"; readonly keep: number; readonly rest: string };

export const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;

/** Compares the next words of a new run with what the earlier one said there. Pure. */
export const compareEcho = (echo: Echo, said: string): Heard => {
  const left = echo.text.length - echo.matched;
  const same = said.slice(0, left);
  if (echo.text.startsWith(same, echo.matched)) {
    return said.length > left
      ? { kind: "beyond", rest: said.slice(left) }
      : { kind: "same", matched: echo.matched + same.length };
  }
  let i = 0;
  while (said.charCodeAt(i) === echo.text.charCodeAt(echo.matched + i)) i += 1;
  // A surrogate pair is one character: it is kept or taken back whole.
  if (i > 0 && isHighSurrogate(said.charCodeAt(i - 1))) i -= 1;
  return { kind: "differs", keep: echo.matched + i, rest: said.slice(i) };
};
