import { waitForPeople } from "./call.ts";
import type { TurnView } from "./conversation.ts";
import { type ConversationState, withTurns } from "./conversation-state.ts";
import { closeCalls, withCall } from "./fold-calls.ts";
import type { Progress } from "./read-payload.ts";
import {
  hasEnded,
  indexOfTurn,
  isOpen,
  placeTurn,
  promoteNext,
  replaceTurn,
  stateWhenAccepted,
  withoutActivity,
} from "./turn-list.ts";

/**
 * What a text is after a piece that begins at `offset`: a text that is longer or shorter is replaced from there, which is
 * also what a reset means. The usual case, a piece that fits, costs the same for a text of any length.
 */
export const growText = (text: string, offset: number, delta: string): string =>
  offset === text.length ? text + delta : text.slice(0, offset) + delta;

const grown = (turn: TurnView, progress: Progress): string => {
  if (progress.delta !== undefined)
    return growText(turn.text, progress.offset ?? turn.text.length, progress.delta);
  return progress.message ?? turn.text;
};

const ended = (turn: TurnView, progress: Progress): TurnView => {
  const endedAt = turn.endedAt ?? progress.at;
  const completed = progress.error === undefined && !progress.cancelled;
  const told = closeCalls(withoutActivity(turn), completed);
  const base: TurnView = { ...told, ...(endedAt !== undefined && { endedAt }) };
  if (progress.error !== undefined) {
    const state = progress.cancelled || progress.error.code === "cancelled" ? "cancelled" : "failed";
    return { ...base, state, error: progress.error };
  }
  return {
    ...base,
    state: progress.cancelled ? "cancelled" : "completed",
    text: progress.message ?? turn.text,
  };
};

/** Who comes while a turn waits is told its text too. Where its calls are not known, text means that it runs. */
const speaking = ({ calls, turn }: TurnView): "waiting" | "running" =>
  turn !== undefined && waitForPeople(calls) ? "waiting" : "running";

const advanced = (turn: TurnView, progress: Progress, turns: readonly TurnView[]): TurnView => {
  switch (progress.status) {
    case "started": {
      if (isOpen(turn.state)) return turn;
      const startedAt = turn.startedAt ?? progress.at;
      const { error: _error, ...rest } = turn;
      return {
        ...rest,
        state: stateWhenAccepted(turns, turn.messageId),
        ...(startedAt !== undefined && { startedAt }),
      };
    }
    case "processing":
    case "waiting": {
      const { call, message, status } = progress;
      const state = status === "waiting" ? "waiting" : "running";
      const next = { ...turn, state, ...(message !== undefined && { activity: message }) } as const;
      return call === undefined ? next : withCall(next, { ...call, state });
    }
    case "responding": {
      const state = speaking(turn);
      return turn.state === state ? withoutActivity(turn) : { ...withoutActivity(turn), state };
    }
    case "in_progress":
      return { ...withoutActivity(turn), state: speaking(turn), text: grown(turn, progress) };
    case "completed":
    case "cancelled":
    case "error":
      break;
  }
  return ended(turn, progress);
};

const isEnd = (progress: Progress): boolean =>
  progress.status === "completed" || progress.status === "cancelled" || progress.status === "error";

/**
 * One step of a turn's progress. After its end only the same end, told again, is listened to. A turn that is not known
 * yet is one that somebody else asked for.
 */
export const foldProgress = (state: ConversationState, progress: Progress): ConversationState => {
  const { turns } = state.view;
  const index = indexOfTurn(turns, progress.messageId);
  const there = turns[index];
  if (there !== undefined && hasEnded(there.state) && !isEnd(progress)) return state;
  const turn = there ?? { messageId: progress.messageId, state: "sending" as const, text: "" };
  const next = advanced(turn, progress, turns);
  const placed = there === undefined ? placeTurn(turns, next, false) : replaceTurn(turns, index, next);
  const rests = isEnd(progress) || progress.status === "waiting";
  return withTurns(state, rests ? promoteNext(placed) : placed);
};

/** Whether a piece begins after the end of what is there, so that something between was lost. */
export const leavesGap = (state: ConversationState, progress: Progress): boolean => {
  if (progress.delta === undefined || progress.offset === undefined || progress.offset === 0) return false;
  const there = state.view.turns[indexOfTurn(state.view.turns, progress.messageId)];
  if (there !== undefined && hasEnded(there.state)) return false;
  return progress.offset > (there?.text.length ?? 0);
};
