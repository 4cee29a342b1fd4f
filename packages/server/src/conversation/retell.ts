import type { Conversation } from "./conversation.ts";
import type { Voice } from "./conversations.ts";
import { cursorOf, placeAt, type Place } from "./place.ts";
import { step } from "./step.ts";
import type { Surroundings } from "./surroundings.ts";

/**
 * One turn once more, for somebody who asked the same again (P6): its start and its text so far, or its end with all of the
 * text. The same steps that a reader takes, from just before the turn, of which only this turn's are told.
 */
export const retell = async (
  { store }: Surroundings,
  conversation: Conversation,
  turn: number,
  voice: Voice,
  cursor?: string,
): Promise<readonly Buffer[]> => {
  await conversation.open(false);
  const { audience, id } = conversation;
  const { feed } = audience;
  if (!feed) return [];
  const frames: Buffer[] = [];
  const tell = (place: Place): Place | undefined => {
    const next = step(feed, place);
    if (next.kind !== "tell") return undefined;
    const about = "turn" in next.moment ? next.moment.turn?.turn : undefined;
    const quiet = next.moment.kind === "entry" || next.moment.kind === "sealed";
    if (about === turn && !quiet) {
      const after = cursor ?? cursorOf(feed, next.place);
      const moment = next.moment.kind === "ended" ? { ...next.moment, again: true } : next.moment;
      frames.push(...voice.render(moment, after, () => cursor ?? cursorOf(feed, place)));
    }
    return next.place;
  };
  if (feed.turns.get(turn)?.live) {
    let place: Place | undefined = placeAt(feed.head);
    while (place) place = tell(place);
    return frames;
  }
  const end = (await store.readTurn(id, turn)).find((entry) => entry.kind === "turn-end");
  if (!end) return [];
  // From just before its end, with none of its text: the text and the end are what is left to tell.
  let place: Place | undefined = {
    ...placeAt(end.n - 1),
    texts: [{ turn, offset: 0, resets: 0, begun: false }],
  };
  while (place && place.n < end.n) {
    const next: Place | undefined = tell(place);
    if (!next && step(feed, place).kind === "fetch") await audience.fetch(place.n, true);
    else if (!next) break;
    place = next ?? place;
  }
  return frames;
};
