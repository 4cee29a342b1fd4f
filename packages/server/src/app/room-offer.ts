interface Choosable {
  readonly id: string;
}

/** What shows newcomers most of a room: a demo that calls tools rather than one that only talks. */
const betterInRooms = new Map([["demo:guide", "demo:tools"]]);

/**
 * Models as they are offered for rooms: those that rooms may have, and first the one that a new room should have unless somebody
 * chooses.
 *
 * @param usual the server's default model
 */
export const roomOffer = <M extends Choosable>(
  models: readonly M[],
  usual: string,
  mayHave: (id: string) => boolean,
): readonly M[] => {
  const offered = models.filter(({ id }) => mayHave(id));
  const first = [betterInRooms.get(usual), usual].flatMap(
    (wanted) => offered.find(({ id }) => id === wanted) ?? [],
  )[0];
  return first ? [first, ...offered.filter((model) => model !== first)] : offered;
};
