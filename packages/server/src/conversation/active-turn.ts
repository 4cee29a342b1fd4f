import type { Entry, NewEntry, PromptEntry } from "@colloquy/protocol";
import type { Assistant } from "../turn/assistant.ts";
import type { TurnState } from "../turn/turn-state.ts";

/** A turn that has not ended, as its conversation holds it. */
export interface ActiveTurn {
  readonly prompt: PromptEntry;
  readonly assistant: Assistant;
  /** What the log has of it beside its prompt, in order; grows. */
  readonly entries: Entry[];
  /** Stops its model and its tools; the reason is a ColloquyError that tells how the turn ends. */
  readonly controller: AbortController;
  /** Resolves when its end is durable. */
  readonly ended: PromiseWithResolvers<void>;
  state: TurnState;
}

/** @param entries what the log has of it already */
export const activeTurn = (
  prompt: PromptEntry,
  assistant: Assistant,
  state: TurnState,
  entries: readonly Entry[] = [],
): ActiveTurn => {
  const ended = Promise.withResolvers<void>();
  // Nobody need wait for it.
  ended.promise.catch(() => {});
  const own = entries.filter((entry) => entry.kind !== "prompt");
  return { prompt, assistant, entries: own, controller: new AbortController(), ended, state };
};

/** That a turn runs. @param resumed the attempt that goes on where it waited; it begins when left out */
export const attemptNote = (turn: number, at: number, resumed?: number): NewEntry => ({
  kind: "note",
  about: "attempt",
  turn,
  at,
  ...(resumed === undefined ? { attempt: 1 } : { attempt: resumed, data: { resumed: true } }),
});
