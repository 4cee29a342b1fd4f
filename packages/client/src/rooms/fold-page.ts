import type { CallView } from "../call.ts";
import type { TurnFile, TurnView } from "../conversation.ts";
import { withTurns } from "../conversation-state.ts";
import { type Fields, isFields } from "../read-payload.ts";
import { hasEnded, indexOfTurn, placeTurn } from "../turn-list.ts";
import { foldRoom } from "./fold-room.ts";
import { word } from "./read-room.ts";
import { type RoomState, emptyRoom, linkAnswer, withConversation } from "./room-state.ts";

/** Messages of history, oldest first, by the answer of their turn, while its beginning is not known; none afterwards. */
export type Unbegun = ReadonlyMap<string, readonly Fields[]>;

/** The answer whose turn a message belongs to. */
const answerOf = ({ type, data }: Fields): string | undefined => {
  if (!isFields(data)) return undefined;
  return word(type === "sbaw.text_message.assistant" ? data["id"] : data["message_id"]);
};

const begins = ({ type }: Fields): boolean => type === "sbaw.text_message.user";

/** A turn as all of its messages tell it, from its beginning. */
const retold = (roomId: string, messages: readonly Fields[], now: number): TurnView | undefined => {
  const state = messages.reduce((before, message) => {
    const decided = message["type"] === "sbaw.function_decided" && isFields(message["data"]);
    return decided
      ? foldRoom(before, "function_decided", message["data"], now)
      : foldRoom(before, "receive_message", { ...message, past: true }, now);
  }, emptyRoom(roomId));
  return state.conversation.view.turns[0];
};

/** The files of a message, with what this page has of them already. */
const filesIn = (told: TurnView, known: TurnView): { readonly files?: readonly TurnFile[] } => {
  if (!told.files) return {};
  return { files: known.files?.length === told.files.length ? known.files : told.files };
};

/** Calls as they were told from the beginning, where their places are known, in the states that are known since. */
const callsIn = (told: TurnView, known: TurnView): { readonly calls?: readonly CallView[] } => {
  const since = known.calls ?? [];
  const first = (told.calls ?? []).map((call) => ({
    ...call,
    ...since.find(({ id }) => id === call.id),
    at: call.at,
  }));
  const calls = [...first, ...since.filter(({ id }) => !first.some((call) => call.id === id))];
  return calls.length === 0 ? {} : { calls };
};

/** What history tells of a turn beside what is known of it: of one that goes on, or has ended since, the newer is kept. */
const merged = (told: TurnView, known: TurnView): TurnView => {
  const { messageId } = known;
  if (hasEnded(told.state)) return { ...told, messageId, ...filesIn(told, known) };
  return {
    ...told,
    ...known,
    ...(told.startedAt !== undefined && { startedAt: told.startedAt }),
    ...(told.prompt !== undefined && { prompt: told.prompt }),
    ...(told.reasoning !== undefined && { reasoning: told.reasoning }),
    ...filesIn(told, known),
    ...callsIn(told, known),
    text: known.text.length < told.text.length ? told.text : known.text,
  };
};

const foldTurn = (
  state: RoomState,
  answerId: string,
  messages: readonly Fields[],
  now: number,
): RoomState => {
  const told = retold(state.roomId, messages, now);
  const first = messages.find(begins)?.["data"];
  if (!told || !isFields(first)) return state;
  const clientId = word(first["id"]);
  const user = word(first["user_id"]);
  const asker = { ...(clientId !== undefined && { clientId }), ...(user !== undefined && { user }) };
  const { state: linked, messageId } = linkAnswer(state, answerId, asker);
  const { turns } = linked.conversation.view;
  const known = turns[indexOfTurn(turns, messageId)];
  const turn = known ? merged(told, known) : { ...told, messageId };
  return withConversation(linked, withTurns(linked.conversation, placeTurn(turns, turn, true)));
};

/**
 * Takes a page of history into account, which ends where what is known begins. A turn is told once all of it is there, from its
 * beginning; what is known of one that begins on an older page is kept in `unbegun`.
 */
export const foldPage = (
  state: RoomState,
  unbegun: Unbegun,
  page: readonly Fields[],
  now: number,
): { readonly state: RoomState; readonly unbegun: Unbegun } => {
  const waiting = new Map(unbegun);
  const told = Map.groupBy(page, (message) => answerOf(message) ?? "");
  let next = state;
  for (const [answerId, messages] of told) {
    if (answerId === "") continue;
    const all = [...messages, ...(waiting.get(answerId) ?? [])];
    if (messages.some(begins)) {
      waiting.delete(answerId);
      next = foldTurn(next, answerId, all, now);
    } else waiting.set(answerId, all);
  }
  return { state: next, unbegun: waiting };
};

/** Takes note of a message that was told as history on joining. */
export const keepPast = (unbegun: Unbegun, message: Fields): Unbegun => {
  const answerId = answerOf(message);
  if (answerId === undefined) return unbegun;
  const known = unbegun.get(answerId);
  // Whose first message was told needs nothing that is older.
  if (known?.length === 0) return unbegun;
  if (begins(message)) return new Map(unbegun).set(answerId, []);
  return new Map(unbegun).set(answerId, [...(known ?? []), message]);
};
