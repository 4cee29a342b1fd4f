import type { PromptEntry } from "@colloquy/protocol";
import type { Assistant } from "../turn/assistant.ts";
import type { TurnState } from "../turn/turn-state.ts";

/** A turn that has not ended, as its conversation holds it. */
export interface ActiveTurn {
  readonly prompt: PromptEntry;
  readonly assistant: Assistant;
  /** Stops its model; the reason is a ColloquyError that tells how the turn ends. */
  readonly controller: AbortController;
  /** Resolves when its end is durable. */
  readonly ended: PromiseWithResolvers<void>;
  state: TurnState;
}

export const activeTurn = (prompt: PromptEntry, assistant: Assistant, state: TurnState): ActiveTurn => {
  const ended = Promise.withResolvers<void>();
  // Nobody need wait for it.
  ended.promise.catch(() => {});
  return { prompt, assistant, controller: new AbortController(), ended, state };
};
