/**
 * Ids of messages in rooms. Clients take theirs from the clock, so they are unique only together with their user; in the
 * log both stand together as the prompt's id.
 */
export const promptIdOf = (user: string, messageId: string): string =>
  `${encodeURIComponent(user.toWellFormed())}/${messageId}`;

/** The id that the author's client gave, or the prompt's id where it came over another wire. */
export const messageIdOf = (promptId: string, author: string): string => {
  const prefix = promptIdOf(author, "");
  return promptId.startsWith(prefix) ? promptId.slice(prefix.length) : promptId;
};

/** The id of a turn's assistant message; `message_id` of its stream events. */
export const answerIdOf = (roomId: string, turn: number): string => `${roomId}_${turn}`;

/** The turn that such an id names; undefined when it is none of this room. */
export const turnOf = (roomId: string, answerId: string): number | undefined => {
  const tail = answerId.startsWith(roomId) ? answerId.slice(roomId.length) : "";
  const [, digits] = /^_(\d{1,15})$/.exec(tail) ?? [];
  return digits === undefined ? undefined : Number(digits);
};
