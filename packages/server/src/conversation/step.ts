import type { Entry, Moment } from "@colloquy/protocol";
import { feedTurn, type Feed, type FeedTurn } from "./feed.ts";
import { textAt, untoldTurn, withoutText, withText, type Place } from "./place.ts";

/** One step of a reader: what to tell, and where it stands afterwards. */
export type Step =
  | { readonly kind: "tell"; readonly moment: Moment; readonly place: Place }
  /** It lags behind what is in memory: entries after its place, and their turns if asked, are to be read from the store first. */
  | { readonly kind: "fetch"; readonly after: number; readonly turns: boolean }
  /** Nothing lies between its place and the head. */
  | { readonly kind: "level" };

const level: Step = { kind: "level" };

/**
 * The next step from a place towards the head of the feed. Pure: it only looks. Entries are told in order; the text of a
 * turn is told before the entry that seals or ends it; live text comes when all entries have been told.
 *
 * @param mayRepeat whether a text that was told before may be told again in longer form now (snapshot readers are
 *   told less often as it grows); undefined for readers of deltas, which may always
 */
export const step = (feed: Feed, from: Place, mayRepeat?: (turn: FeedTurn) => boolean): Step => {
  let place = from;
  if (place.n >= place.pastUntil && place.told !== feed.presence) {
    const present = presentTurn(feed, place);
    if (present) return present;
    place = { ...place, told: feed.presence };
  }
  if (place.n < feed.head) {
    const entry = feed.entry(place.n + 1);
    return entry
      ? crossing(feed, place, entry)
      : { kind: "fetch", after: place.n, turns: place.n >= place.pastUntil };
  }
  for (const text of place.texts) {
    const turn = feed.turns.get(text.turn);
    if (!turn?.live || !(turn.aloud || turn.resting) || !turn.text) continue;
    const grown = growth(turn, place, turn.text.visible, false);
    if (grown && (!text.begun || !mayRepeat || mayRepeat(turn))) return grown;
  }
  return level;
};

/** P8: a turn that was under way before the reader came. */
const presentTurn = (feed: Feed, place: Place): Step | undefined => {
  const turn = untoldTurn(feed, place);
  if (!turn) return undefined;
  const texts = withText(place, {
    turn: turn.turn,
    offset: 0,
    resets: turn.text?.resets.length ?? 0,
    begun: false,
  });
  const { calls } = turn;
  const moment: Moment = { kind: "present", turn, ...(calls.length > 0 && { calls }) };
  return { kind: "tell", moment, place: { ...place, texts } };
};

/** Text of a turn between the reader's place and `end`. */
const growth = (turn: FeedTurn, place: Place, end: number, ending: boolean): Step | undefined => {
  const { text } = turn;
  if (!text) return undefined;
  const at = textAt(place, turn.turn);
  const kept = at.resets < text.resets.length ? Math.min(...text.resets.slice(at.resets)) : at.offset;
  const offset = Math.min(kept, at.offset);
  const reset = offset < at.offset;
  if (end <= offset && !reset) return undefined;
  const moment: Moment = {
    kind: "text",
    turn,
    first: !at.begun,
    offset,
    reset,
    delta: () => text.slice(offset, Math.max(end, offset)),
    whole: () => text.whole(),
    ending,
  };
  const texts = withText(place, {
    turn: turn.turn,
    offset: Math.max(end, offset),
    resets: text.resets.length,
    begun: true,
  });
  return { kind: "tell", moment, place: { ...place, texts } };
};

/** Over the entry that follows the place. */
const crossing = (feed: Feed, place: Place, entry: Entry): Step => {
  const past = entry.n <= place.pastUntil;
  const over = (texts = place.texts): Place => ({ ...place, n: entry.n, texts });
  switch (entry.kind) {
    case "prompt": {
      const turn = feed.turn(entry.n) ?? { turn: entry.n, promptId: entry.id, author: entry.author };
      const texts = past
        ? place.texts
        : withText(place, { turn: entry.n, offset: 0, resets: 0, begun: false });
      return { kind: "tell", moment: { kind: "entry", entry, turn, past }, place: over(texts) };
    }
    case "answer": {
      const turn = feed.turn(entry.turn) ?? (past ? untold(entry.turn) : undefined);
      if (!turn) return { kind: "fetch", after: place.n, turns: true };
      const before = past
        ? undefined
        : growth(turn, place, entry.offset + entry.text.length, !turn.live && endsNext(feed, entry));
      return before ?? { kind: "tell", moment: { kind: "sealed", entry, turn, past }, place: over() };
    }
    case "turn-end": {
      const turn = feed.turn(entry.turn) ?? (past ? untold(entry.turn) : undefined);
      if (!turn) return { kind: "fetch", after: place.n, turns: true };
      const before = past ? undefined : growth(turn, place, turn.text?.visible ?? 0, true);
      if (before) return before;
      const texts = withoutText(place, entry.turn);
      const text = past ? [] : (turn.text?.whole() ?? []);
      return { kind: "tell", moment: { kind: "ended", entry, turn, text, past }, place: over(texts) };
    }
    default: {
      const turn = entry.turn === undefined ? undefined : feed.turn(entry.turn);
      return { kind: "tell", moment: { kind: "entry", entry, ...(turn && { turn }), past }, place: over() };
    }
  }
};

/** A turn of history: only its entries are told, so nothing need be known of it. */
const untold = (turn: number): FeedTurn => feedTurn({ n: turn, id: "", author: "" }, false);

const endsNext = (feed: Feed, entry: { readonly n: number; readonly turn: number }): boolean => {
  const next = feed.entry(entry.n + 1);
  return next?.kind === "turn-end" && next.turn === entry.turn;
};
