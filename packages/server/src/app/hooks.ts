import type { Code, TurnEnd, Usage } from "@colloquy/protocol";
import type { Principal } from "../auth/principal.ts";

/** What somebody wants to do in a conversation. */
export type Action = "read" | "prompt" | "publish" | "stop";

export interface PromptFacts {
  readonly principal: Principal;
  readonly conversation: string;
  readonly text: string;
  readonly promptId: string;
  /** Id of the assistant that will answer. */
  readonly assistant: string;
}

export interface TurnEndFacts {
  readonly conversation: string;
  /** Entry number of the prompt. */
  readonly turn: number;
  readonly promptId: string;
  readonly end: TurnEnd;
  readonly code?: Code;
  readonly usage?: Usage;
}

/** Where an embedding program may step in. */
export interface Hooks {
  readonly authorise?: (request: {
    readonly principal: Principal;
    readonly action: Action;
    readonly conversation: string;
  }) => boolean;
  readonly beforePrompt?: (prompt: PromptFacts) => void | Promise<void>;
  readonly afterTurn?: (turn: TurnEndFacts) => void | Promise<void>;
}
