import { isUndecided, waitForPeople } from "../call.ts";
import type { TurnView } from "../conversation.ts";
import { withTurns } from "../conversation-state.ts";
import { type CallChange, withCall } from "../fold-calls.ts";
import { type Fields, jsonText } from "../read-payload.ts";
import { hasEnded, promoteNext, replaceTurn } from "../turn-list.ts";
import { momentOf, outcomeOf, resultText, word } from "./read-room.ts";
import { type RoomState, changeTurn, withConversation } from "./room-state.ts";

/** What the calls of a turn let it do: wait when all that it could go on with is undecided, and then stand in line. */
export const rested = (turn: TurnView): TurnView => {
  if (hasEnded(turn.state)) return turn;
  const { calls = [] } = turn;
  const resting = turn.state === "waiting" || turn.state === "queued";
  // What was granted runs only when the turn runs on.
  if (waitForPeople(calls) || (resting && calls.some(isUndecided))) return { ...turn, state: "waiting" };
  return resting ? { ...turn, state: "queued" } : turn;
};

const settled = (state: RoomState): RoomState => {
  const { conversation } = state;
  return withConversation(state, withTurns(conversation, promoteNext(conversation.view.turns)));
};

/** A call of a turn that is told, whether it is known or not. */
export const foldFunctionCall = (state: RoomState, data: Fields, past: boolean): RoomState => {
  const { call_id: id, message_id: answerId } = data;
  if (typeof id !== "string" || typeof answerId !== "string") return state;
  const progress = word(data["progress"]);
  const until = momentOf(data["until"]);
  const startedAt = momentOf(data["created_timestamp"]);
  const change: CallChange = {
    id,
    name: word(data["name"]) ?? "",
    arguments: jsonText(data["arguments"] ?? {}),
    ...(data["approval"] === "requested" && { state: "waiting" }),
    ...(data["runs"] === "client" && { runs: "client" }),
    ...(progress !== undefined && { progress }),
    ...(until !== undefined && { until }),
    ...(startedAt !== undefined && { startedAt }),
  };
  const next = changeTurn(state, answerId, {}, past, (turn) => {
    if (hasEnded(turn.state)) return withCall(turn, change);
    const state = turn.state === "sending" || turn.state === "queued" ? "running" : turn.state;
    return rested(withCall({ ...turn, state }, change));
  });
  return settled(next);
};

/** The turn that made a call, changed; nothing where nobody knows the call. */
const changeCaller = (state: RoomState, change: CallChange): RoomState => {
  const { turns } = state.conversation.view;
  const index = turns.findLastIndex((turn) => turn.calls?.some(({ id }) => id === change.id) === true);
  const turn = turns[index];
  if (turn === undefined) return state;
  const next = replaceTurn(turns, index, rested(withCall(turn, change)));
  return settled(withConversation(state, withTurns(state.conversation, next)));
};

export const foldFunctionResult = (state: RoomState, data: Fields): RoomState => {
  if (typeof data["call_id"] !== "string") return state;
  const endedAt = momentOf(data["created_timestamp"]);
  return changeCaller(state, {
    id: data["call_id"],
    state: outcomeOf(data["outcome"]),
    result: resultText(data["result"]),
    ...(endedAt !== undefined && { endedAt }),
  });
};

const verdicts = { granted: "running", denied: "denied", expired: "expired" } as const;
const isVerdict = (value: unknown): value is keyof typeof verdicts =>
  typeof value === "string" && Object.hasOwn(verdicts, value);

export const foldDecision = (state: RoomState, payload: Fields): RoomState => {
  const { call_id: id, state: verdict } = payload;
  if (typeof id !== "string" || !isVerdict(verdict)) return state;
  const by = word(payload["by"]);
  const reason = word(payload["reason"]);
  return changeCaller(state, {
    id,
    state: verdicts[verdict],
    ...(by !== undefined && { by }),
    ...(reason !== undefined && { reason }),
  });
};
