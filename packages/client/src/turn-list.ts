import type { TurnState, TurnView } from "./conversation.ts";

/** Whether a turn has had its one end. */
export const hasEnded = (state: TurnState): boolean =>
  state === "completed" || state === "failed" || state === "cancelled";

/** Whether the server knows of the turn and it has not ended. */
export const isOpen = (state: TurnState): boolean =>
  state === "queued" || state === "running" || state === "waiting";

/** Whether it is only here so far: no entry will come of it before the server accepts it. */
const isOnlyHere = (state: TurnState): boolean => state === "sending" || state === "refused";

/** Where the turn of that prompt stands, or -1. Searched from the end, where growing turns are. */
export const indexOfTurn = (turns: readonly TurnView[], messageId: string): number =>
  turns.findLastIndex((turn) => turn.messageId === messageId);

/** The turn at `index` replaced; every other turn stays the same object. */
export const replaceTurn = (turns: readonly TurnView[], index: number, turn: TurnView): readonly TurnView[] =>
  turns[index] === turn ? turns : turns.with(index, turn);

/**
 * The turn put where it belongs: by its number when it has one, else at the end. `past` says that it is told as
 * history, so turns that are going on just now without a known number are younger than it.
 */
export const placeTurn = (turns: readonly TurnView[], turn: TurnView, past: boolean): readonly TurnView[] => {
  const index = indexOfTurn(turns, turn.messageId);
  const there = turns[index];
  if (there !== undefined && there.turn === turn.turn) return replaceTurn(turns, index, turn);
  const rest = there === undefined ? turns : turns.toSpliced(index, 1);
  const number = turn.turn;
  if (number === undefined) return [...rest, turn];
  const after = rest.findLastIndex((other) => other.turn !== undefined && other.turn < number) + 1;
  if (past) return rest.toSpliced(after, 0, turn);
  const at = rest.findIndex(
    (other, index) => index >= after && (other.turn !== undefined || isOnlyHere(other.state)),
  );
  return rest.toSpliced(at === -1 ? rest.length : at, 0, turn);
};

/**
 * What a turn that was just accepted is doing: the wire says the same for "runs" and "waits in line", so it is taken
 * to stand in line while another one before it runs or does so. One that waits for people is in nobody's way.
 */
export const stateWhenAccepted = (turns: readonly TurnView[], messageId: string): "queued" | "running" => {
  for (const turn of turns) {
    if (turn.messageId === messageId) break;
    if (turn.state === "queued" || turn.state === "running") return "queued";
  }
  return "running";
};

/** After an end, or when a turn has begun to wait for people: the turn that is next in line runs now. */
export const promoteNext = (turns: readonly TurnView[]): readonly TurnView[] => {
  if (turns.some((turn) => turn.state === "running")) return turns;
  const index = turns.findIndex((turn) => turn.state === "queued");
  const next = turns[index];
  return next === undefined ? turns : turns.with(index, { ...next, state: "running" });
};

/** A turn without its progress line. */
export const withoutActivity = (turn: TurnView): TurnView => {
  if (turn.activity === undefined) return turn;
  const { activity: _activity, ...rest } = turn;
  return rest;
};
