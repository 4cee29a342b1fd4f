/** The exact text of a JSON value inside a larger text. */
export interface MemberSource {
  readonly source: string;
  /** How many arrays and objects stand inside each other in it, at most. */
  readonly depth: number;
}

const quote = 0x22;
const backslash = 0x5c;

const isSpace = (unit: number): boolean => unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;
const opens = (unit: number): boolean => unit === 0x7b || unit === 0x5b;
const closes = (unit: number): boolean => unit === 0x7d || unit === 0x5d;

const skipSpace = (text: string, from: number): number => {
  let i = from;
  while (isSpace(text.charCodeAt(i))) i += 1;
  return i;
};

/** Just after the string that begins at `from`: at the first quote with an even number of backslashes before it. */
const endOfString = (text: string, from: number): number => {
  let end = from;
  for (;;) {
    end = text.indexOf('"', end + 1);
    if (end === -1) return text.length;
    let before = end;
    while (text.charCodeAt(before - 1) === backslash) before -= 1;
    if ((end - before) % 2 === 0) return end + 1;
  }
};

const endOfValue = (text: string, from: number): { readonly end: number; readonly depth: number } => {
  const first = text.charCodeAt(from);
  if (first === quote) return { end: endOfString(text, from), depth: 0 };
  let depth = 0;
  let deepest = 0;
  let i = from;
  while (i < text.length) {
    const unit = text.charCodeAt(i);
    if (unit === quote) {
      i = endOfString(text, i);
      continue;
    }
    if (opens(unit)) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (closes(unit)) {
      if (depth === 0) break;
      depth -= 1;
      if (depth === 0) return { end: i + 1, depth: deepest };
    } else if (depth === 0 && (unit === 0x2c || isSpace(unit))) {
      break;
    }
    i += 1;
  }
  return { end: i, depth: deepest };
};

const names = (keySource: string, key: string): boolean =>
  keySource === `"${key}"` || (keySource.includes("\\") && JSON.parse(keySource) === key);

/**
 * The text of the member `key` of an object, exactly as it was written: big numbers, the order of keys, `__proto__` and
 * escapes survive, which parsing and writing again would not promise. Of a key that occurs twice the last counts, as
 * with `JSON.parse`. One pass without recursion, so no depth of nesting is too much for it.
 *
 * @param text the JSON text of an object; must have been parsed successfully before
 */
export const memberSource = (text: string, key: string): MemberSource | undefined => {
  let found: MemberSource | undefined;
  let i = skipSpace(text, 0) + 1;
  for (;;) {
    i = skipSpace(text, i);
    if (text.charCodeAt(i) !== quote) return found;
    const keyEnd = endOfString(text, i);
    const wanted = names(text.slice(i, keyEnd), key);
    const start = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const { end, depth } = endOfValue(text, start);
    if (wanted) found = { source: text.slice(start, end), depth };
    i = skipSpace(text, end) + 1;
  }
};
