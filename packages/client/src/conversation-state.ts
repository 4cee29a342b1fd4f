import type { Entry } from "@colloquy/protocol";
import type { ConversationView, TurnError, TurnView } from "./conversation.ts";
import { hasEnded, indexOfTurn, placeTurn, replaceTurn } from "./turn-list.ts";

/** What is known of a conversation: what a screen shows, and what folding on and resuming need. Immutable. */
export interface ConversationState {
  readonly view: ConversationView;
  /** Where to resume. */
  readonly cursor?: string;
  /** Number of the oldest known entry. */
  readonly oldest?: number;
  /** Known entries by the number of their turn, in order. */
  readonly entries: ReadonlyMap<number, readonly Entry[]>;
}

export const emptyConversation = (phase: ConversationView["phase"] = "live"): ConversationState => ({
  view: { phase, turns: [], more: false },
  entries: new Map(),
});

/** The state with other turns; the same object when they are the same. */
export const withTurns = (state: ConversationState, turns: readonly TurnView[]): ConversationState =>
  turns === state.view.turns ? state : { ...state, view: { ...state.view, turns } };

export const withPhase = (state: ConversationState, phase: ConversationView["phase"]): ConversationState =>
  phase === state.view.phase ? state : { ...state, view: { ...state.view, phase } };

export const withMore = (state: ConversationState, more: boolean): ConversationState =>
  more === state.view.more ? state : { ...state, view: { ...state.view, more } };

export const withCursor = (state: ConversationState, cursor: string | undefined): ConversationState =>
  cursor === undefined || cursor === state.cursor ? state : { ...state, cursor };

/** Why it cannot be read just now; `undefined` takes that back. */
export const withError = (state: ConversationState, error: TurnError | undefined): ConversationState => {
  if (error === undefined && state.view.error === undefined) return state;
  const { error: _error, ...view } = state.view;
  return { ...state, view: error === undefined ? view : { ...view, error } };
};

/** Forgets everything that the hub said; what was only asked here stays. */
export const forgetPresent = (state: ConversationState): ConversationState => ({
  view: {
    ...state.view,
    turns: state.view.turns.filter((turn) => turn.state === "sending" || turn.state === "refused"),
  },
  entries: new Map(),
});

/** An own prompt, shown before anybody has acknowledged it. A turn that the server knows is left alone. */
export const foldSending = (
  state: ConversationState,
  prompt: { messageId: string; text: string },
): ConversationState => {
  const there = state.view.turns[indexOfTurn(state.view.turns, prompt.messageId)];
  if (there !== undefined && there.state !== "refused") return state;
  const turn: TurnView = { messageId: prompt.messageId, prompt: prompt.text, state: "sending", text: "" };
  return withTurns(state, placeTurn(state.view.turns, turn, false));
};

/** An own prompt that the server did not take. */
export const foldRefused = (
  state: ConversationState,
  messageId: string,
  error: TurnError,
): ConversationState => {
  const index = indexOfTurn(state.view.turns, messageId);
  const there = state.view.turns[index];
  if (there?.state !== "sending") return state;
  return withTurns(state, replaceTurn(state.view.turns, index, { ...there, state: "refused", error }));
};

/** An own prompt that was taken back before it left. */
export const foldWithdrawn = (state: ConversationState, messageId: string): ConversationState => {
  const index = indexOfTurn(state.view.turns, messageId);
  const there = state.view.turns[index];
  if (there === undefined || hasEnded(there.state)) return state;
  return withTurns(state, replaceTurn(state.view.turns, index, { ...there, state: "cancelled" }));
};
