import { promptIdOf } from "@colloquy/protocol/rooms";
import type { TurnView } from "../conversation.ts";
import {
  type ConversationState,
  emptyConversation,
  forgetPresent,
  withTurns,
} from "../conversation-state.ts";
import { indexOfTurn, placeTurn } from "../turn-list.ts";

/** What is known of a room's conversation. Immutable. */
export interface RoomState {
  /** Empty until it is known. */
  readonly roomId: string;
  readonly conversation: ConversationState;
  /** The turns' message ids by the ids of their answers, by which the wire names turns. */
  readonly answers: ReadonlyMap<string, string>;
}

export const emptyRoom = (roomId = ""): RoomState => ({
  roomId,
  conversation: emptyConversation("loading"),
  answers: new Map(),
});

/** The state with another conversation; the same object when it is the same. */
export const withConversation = (state: RoomState, conversation: ConversationState): RoomState =>
  conversation === state.conversation ? state : { ...state, conversation };

/** Forgets what the server said; what was only asked here stays. */
export const forgetRoom = (state: RoomState): RoomState => ({
  ...state,
  conversation: forgetPresent(state.conversation),
  answers: new Map(),
});

/** Whose prompt a turn is, as far as an event says so. */
export interface Asker {
  /** The id that the author's client gave. */
  readonly clientId?: string;
  readonly user?: string;
}

/**
 * Ids of clients are unique only together with their user. What was asked here keeps its own id, what others asked is
 * named by both, and a turn whose asker is not known by its answer. A turn that has an answer already is another one.
 */
const nameOf = (state: RoomState, answerId: string, { clientId, user }: Asker): string => {
  if (clientId === undefined) return answerId;
  const answered = new Set(state.answers.values());
  const open = state.conversation.view.turns.filter(({ messageId }) => !answered.has(messageId));
  const own = open.some(({ messageId }) => messageId === clientId);
  if (user !== undefined) return own ? clientId : promptIdOf(user, clientId);
  const others = open.findLast(({ messageId }) => messageId.endsWith(`/${clientId}`));
  return others?.messageId ?? (own ? clientId : answerId);
};

/** A turn that was told of before its asker was known gets its name. */
const renamed = (state: RoomState, answerId: string, messageId: string): RoomState => {
  const { turns } = state.conversation.view;
  const there = turns[indexOfTurn(turns, messageId)];
  const next = turns
    .filter((turn) => turn.messageId !== messageId)
    .map((turn) => (turn.messageId === answerId ? { ...there, ...turn, messageId } : turn));
  const answers = new Map(state.answers).set(answerId, messageId);
  return { ...state, answers, conversation: withTurns(state.conversation, next) };
};

/** The message id of the turn that an answer belongs to, made known to the state. */
export const linkAnswer = (
  state: RoomState,
  answerId: string,
  asker: Asker = {},
): { readonly state: RoomState; readonly messageId: string } => {
  const known = state.answers.get(answerId);
  const anonymous = known === answerId && asker.clientId !== undefined;
  if (known !== undefined && !anonymous) return { state, messageId: known };
  const messageId = nameOf(state, answerId, asker);
  if (anonymous) return { state: renamed(state, answerId, messageId), messageId };
  return { state: { ...state, answers: new Map(state.answers).set(answerId, messageId) }, messageId };
};

/** The number of a turn, which the id of its answer ends with. */
const turnNumber = (answerId: string): number | undefined => {
  const [, digits] = /_(\d{1,15})$/.exec(answerId) ?? [];
  return digits === undefined ? undefined : Number(digits);
};

/** A turn changed, or made if it was not known; it stands where its number says. */
export const changeTurn = (
  state: RoomState,
  answerId: string,
  asker: Asker,
  past: boolean,
  change: (turn: TurnView, turns: readonly TurnView[]) => TurnView,
): RoomState => {
  const { state: linked, messageId } = linkAnswer(state, answerId, asker);
  const { turns } = linked.conversation.view;
  const there = turns[indexOfTurn(turns, messageId)];
  const turn = turnNumber(answerId);
  const before: TurnView = there ?? { messageId, state: "sending", text: "" };
  const after = change(before, turns);
  const numbered = after.turn === turn || turn === undefined ? after : { ...after, turn };
  if (there !== undefined && numbered === there) return linked;
  return withConversation(linked, withTurns(linked.conversation, placeTurn(turns, numbered, past)));
};
