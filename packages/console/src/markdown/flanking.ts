/** What the characters around a run of `*`, `_` or `~` let it do (CommonMark, "delimiter run"). */
export interface Flanking {
  readonly opens: boolean;
  readonly closes: boolean;
}

const isSpace = (char: string): boolean => char === "" || /\s/.test(char);
const isPunctuation = (char: string): boolean => /[\p{P}\p{S}]/u.test(char);

/** `before` and `after` are the neighbouring characters, empty at the edges of the text. */
export const flanking = (mark: string, before: string, after: string): Flanking => {
  const left = !isSpace(after) && (!isPunctuation(after) || isSpace(before) || isPunctuation(before));
  const right = !isSpace(before) && (!isPunctuation(before) || isSpace(after) || isPunctuation(after));
  if (mark !== "_") return { opens: left, closes: right };
  return {
    opens: left && (!right || isPunctuation(before)),
    closes: right && (!left || isPunctuation(after)),
  };
};
