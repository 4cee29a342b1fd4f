/**
 * Where a reader stands: how far in the log, and how much of each text that was growing there. On the wire it is
 * one opaque string; it grants nothing.
 */
export interface Cursor {
  /** Random id of the log; a cursor of another log means "from now, with the whole present state". */
  readonly log: string;
  /** Last entry that the reader has. */
  readonly n: number;
  /** Turns under way at `n` of which the reader has some text. */
  readonly texts: readonly TextCursor[];
  /** The reader has not been told yet of every turn under way at `n`: only of those in `texts`, which may be without text. */
  readonly untold?: true;
}

/** How much a reader has of the text of a running turn. */
export interface TextCursor {
  /** The turn: entry number of its prompt. */
  readonly turn: number;
  /** UTF-16 code units of the turn's text that the reader has. */
  readonly offset: number;
  /** How many resets of this text the reader has seen. */
  readonly resets: number;
}

/** Live parts in a conversation, and so text cursors in a cursor, at most. */
export const maxTexts = 16;

/**
 * Writes a cursor. The form is `v1.<log>.<n>`, `.0-0-0` where there are turns untold, and `.<turn>-<offset>-<resets>` for each
 * text; none of its characters needs escaping in JSON or in a URL.
 */
export const formatCursor = (cursor: Cursor): string => {
  let text = `v1.${cursor.log}.${cursor.n}`;
  // No entry has the number 0.
  if (cursor.untold) text += ".0-0-0";
  for (const t of cursor.texts) text += `.${t.turn}-${t.offset}-${t.resets}`;
  return text;
};

const shape = /^v1\.([A-Za-z0-9_]{1,64})\.(\d{1,15})((?:\.\d{1,15}-\d{1,15}-\d{1,4}){0,64})$/;

/** Reads a cursor that came from outside; anything malformed is undefined, never an error. */
export const parseCursor = (text: string): Cursor | undefined => {
  if (text.length > 1024) return undefined;
  const match = shape.exec(text);
  const [, log, n, rest] = match ?? [];
  if (log === undefined || n === undefined || rest === undefined) return undefined;
  const all = rest
    .split(".")
    .filter((part) => part !== "")
    .map((part) => {
      const [turn = 0, offset = 0, resets = 0] = part.split("-").map(Number);
      return { turn, offset, resets };
    });
  const texts = all.filter(({ turn }) => turn > 0);
  return { log, n: Number(n), texts, ...(texts.length < all.length && { untold: true as const }) };
};
