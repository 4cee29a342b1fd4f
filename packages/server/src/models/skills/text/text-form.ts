/** A form of request: what its shape has found, and what comes of it. Undefined: it only looked like one. */
export interface TextForm {
  readonly shape: RegExp;
  readonly answer: (found: readonly string[]) => string | undefined;
}

/** Anchored, over lines, in any case. */
export const re = (source: string): RegExp => new RegExp(`^(?:${source})$`, "isu");

/** Longer texts are counted and hashed, but not given back. UTF-16 code units. */
const longest = 4_096;

/** A text that is made of another one. */
export const made = (text: string | undefined, make: (text: string) => string): string | undefined => {
  if (text === undefined) return undefined;
  return text.length > longest
    ? `That text is too long to be given back: at most ${longest} characters.`
    : make(text);
};

export const ask = String.raw`(?:(?:what(?:'s|’s| is| are)|compute|calculate|get|find|make|create|generate|show) )?(?:me )?(?:the |an? )?`;
/** "the word", "this text:", "the following:" before the text itself. */
export const kindOfText = String.raw`(?:(?:(?:this|the|the following|following) )?(?:words?|string|text|sentence|phrase|lines?|letters)(?:\s*:\s*|\s+)|(?:this|the following)\s*:\s*)?`;
