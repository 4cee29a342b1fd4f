import type { EscapedText } from "../moment.ts";

/** The inside of a JSON string: escaped, without its quotes. Lone surrogates become U+FFFD. */
export const escapeText = (text: string): string => JSON.stringify(text.toWellFormed()).slice(1, -1);

type Piece = EscapedText[number];

const backslash = 0x5c;
const letterU = 0x75;

/** How much of a piece holds the first `limit` UTF-16 code units of what it says, and how many those are. */
const measure = (piece: Piece, limit: number): { readonly end: number; readonly units: number } => {
  const text = typeof piece === "string";
  if (text && piece.length <= limit && !piece.includes("\\"))
    return { end: piece.length, units: piece.length };
  const at = (i: number): number => (text ? piece.charCodeAt(i) : (piece[i] ?? 0));
  let units = 0;
  let i = 0;
  while (i < piece.length) {
    const unit = at(i);
    const continues = !text && (unit & 0xc0) === 0x80;
    if (units >= limit && !continues) break;
    if (unit === backslash) i += at(i + 1) === letterU ? 6 : 2;
    else i += 1;
    if (!continues) units += !text && unit >= 0xf0 ? 2 : 1;
  }
  return { end: i, units };
};

/** How long a text is once it is read, in UTF-16 code units. */
export const lengthOf = (text: EscapedText): number =>
  text.reduce((sum, piece) => sum + measure(piece, Infinity).units, 0);

/** The first `length` UTF-16 code units of a text. */
export const startOf = (text: EscapedText, length: number): EscapedText => {
  const kept: Piece[] = [];
  let left = length;
  for (const piece of text) {
    if (left <= 0) break;
    const { end, units } = measure(piece, left);
    kept.push(typeof piece === "string" ? piece.slice(0, end) : piece.subarray(0, end));
    left -= units;
  }
  return kept;
};
