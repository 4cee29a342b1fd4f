import { formatCursor, type Cursor } from "@colloquy/protocol";
import type { Feed, FeedTurn } from "./feed.ts";

/** How far a reader is in the text of a turn that is under way at its place. */
export interface TextPlace {
  readonly turn: number;
  /** UTF-16 code units of the turn's text that it has. */
  readonly offset: number;
  /** Resets that it has seen. */
  readonly resets: number;
  /** It has been told that the answer has begun. */
  readonly begun: boolean;
}

/**
 * Where a reader stands in a conversation. A plain value: each step of a reader makes a new one, and readers at equal
 * places are given the same frames.
 */
export interface Place {
  /** Last entry that it has. */
  readonly n: number;
  /** Entries up to this one are told as history. */
  readonly pastUntil: number;
  /** Turns that it knows to be under way. */
  readonly texts: readonly TextPlace[];
  /** The feed's `presence` when it had last been told of every turn under way. */
  readonly told?: object;
}

/** From now on, having been told of no turn that is under way. */
export const placeAt = (n: number): Place => ({ n, pastUntil: n, texts: [] });

/** A turn under way before a place of which whoever stands there was not told (P8). */
export const untoldTurn = (feed: Feed, place: Place): FeedTurn | undefined => {
  if (place.told === feed.presence) return undefined;
  for (const turn of feed.live())
    if (turn.turn <= place.n && !place.texts.some((text) => text.turn === turn.turn)) return turn;
  return undefined;
};

/** The cursor that a client at this place is given. @param feed undefined while the conversation is not open */
export const cursorOf = (feed: Feed | undefined, place: Place): string => {
  const log = feed?.log ?? "new";
  if (feed && untoldTurn(feed, place))
    return formatCursor({ log, n: place.n, texts: place.texts, untold: true });
  const texts = place.texts.filter((text) => text.offset > 0 || text.resets > 0);
  return formatCursor({ log, n: place.n, texts });
};

/** A cursor that was written, and of what. */
export interface PlaceCursor {
  readonly log: string;
  readonly place: Place;
  readonly cursor: string;
}

/** Once its holder was told of every turn under way, a place has one cursor. */
export const isCursorOf = (known: PlaceCursor | undefined, feed: Feed, place: Place): known is PlaceCursor =>
  known?.place === place && known.log === feed.log && place.told === feed.presence;

/** What whoever was told that a prompt is accepted has: the prompt, and that its turn is under way. */
export const placeOfAccepted = (turn: number): Place => ({
  ...placeAt(turn),
  texts: [{ turn, offset: 0, resets: 0, begun: false }],
});

/** The place that a cursor names: turns in `live` up to its entry are known to it, unless it says otherwise. */
export const placeOf = (cursor: Cursor, live: Iterable<number>): Place => {
  const texts: TextPlace[] = cursor.texts.map((text) => ({ ...text, begun: text.offset > 0 }));
  for (const turn of cursor.untold ? [] : live) {
    if (turn <= cursor.n && !texts.some((text) => text.turn === turn)) {
      texts.push({ turn, offset: 0, resets: 0, begun: false });
    }
  }
  return { n: cursor.n, pastUntil: cursor.n, texts };
};

export const textAt = (place: Place, turn: number): TextPlace =>
  place.texts.find((text) => text.turn === turn) ?? { turn, offset: 0, resets: 0, begun: false };

/** The texts of a place with one of them anew. */
export const withText = ({ texts }: Place, text: TextPlace): readonly TextPlace[] => {
  const known = texts.findIndex(({ turn }) => turn === text.turn);
  return known < 0 ? [...texts, text] : texts.with(known, text);
};

/** The texts of a place but one. */
export const withoutText = ({ texts }: Place, turn: number): readonly TextPlace[] => {
  const known = texts.findIndex((text) => text.turn === turn);
  return known < 0 ? texts : texts.toSpliced(known, 1);
};
