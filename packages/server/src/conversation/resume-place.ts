import { parseCursor } from "@colloquy/protocol";
import type { Feed } from "./feed.ts";
import { splitCursor } from "./full-cursor.ts";
import { placeAt, placeOf, type Place } from "./place.ts";

/** A log that did not exist when a cursor was given may have grown this long for the cursor to be honoured. */
const newLogEntries = 256;

/**
 * The place that a client's cursor means; undefined when it is malformed, of another log, or of the future, and so means
 * "from now, with the whole present state".
 *
 * @param feed undefined while the conversation does not exist
 */
export const resumePlace = (feed: Feed | undefined, text: string): Place | undefined => {
  const cursor = parseCursor(splitCursor(text).conversation);
  if (!cursor) return undefined;
  if (!feed) return cursor.log === "new" ? placeAt(0) : undefined;
  const known =
    cursor.log === feed.log || (cursor.log === "new" && cursor.n === 0 && feed.head <= newLogEntries);
  if (!known || cursor.n > feed.head) return undefined;
  for (const had of cursor.texts) {
    if (had.turn > cursor.n) return undefined;
    const turn = feed.turns.get(had.turn);
    if (!turn?.live) continue;
    // What a reader had before a reset that it has not seen may be longer than what there is now.
    const seen = turn.text?.resets.length ?? 0;
    if (had.resets > seen || (had.resets === seen && had.offset > (turn.text?.longest ?? 0)))
      return undefined;
  }
  return placeOf(cursor, feed.liveTurns());
};
