import type { Code } from "@colloquy/protocol";
import type { GaplessRun } from "./gapless-run.ts";

/** What happens when several models reply: the first one is the answer, or each reply stands by itself. */
export type ArbitrationPolicy = "first" | "all";

/** What a model has done about the prompt. */
export type Standing = "asked" | "claimed" | "speaking" | "replied" | "declined" | "lost" | "stood-down";

export interface Contestant {
  readonly model: string;
  readonly standing: Standing;
  /** What it has said so far; under `first` shown only if it wins. */
  readonly run: GaplessRun;
  /** It has said all of it. */
  readonly complete: boolean;
}

/** Something that happened. */
export type ArbitrationEvent =
  | { readonly type: "asked"; readonly model: string }
  /** Nobody else will be asked. */
  | { readonly type: "all-asked" }
  | { readonly type: "claim"; readonly model: string }
  /** `offset` undefined: it follows what the model said before. */
  | { readonly type: "text"; readonly model: string; readonly text: string; readonly offset?: number }
  /** `text` is all of the reply; undefined: what was said before is all. */
  | { readonly type: "final"; readonly model: string; readonly text?: string }
  | { readonly type: "decline"; readonly model: string }
  | { readonly type: "lost"; readonly model: string; readonly code: Code }
  /** A claim was not followed by text in time. */
  | { readonly type: "claim-expired"; readonly model: string }
  | { readonly type: "deadline" }
  /** From outside: no answer is wanted any more. */
  | { readonly type: "stopped"; readonly code: Code };

/** What is to be done about it. */
export type Verdict =
  | { readonly do: "show"; readonly text: string }
  /** A reply of its own, under `all`. */
  | { readonly do: "reply"; readonly model: string; readonly text: string }
  | { readonly do: "stand-down"; readonly model: string }
  /** The model holds the prompt but has said nothing: see that it does. */
  | { readonly do: "await-claim"; readonly model: string }
  | { readonly do: "note-late"; readonly model: string; readonly text: string }
  | { readonly do: "end"; readonly code: Code | undefined; readonly winner: string | undefined };

export interface Arbitration {
  readonly policy: ArbitrationPolicy;
  /** In the order in which they were asked, or spoke unasked. A list: of the few that there are, it is made anew with each event. */
  readonly contestants: readonly Contestant[];
  /** Under `first`: whose text is shown; while it has only claimed, others may still take its place. */
  readonly winner: string | undefined;
  readonly allAsked: boolean;
  readonly ended: boolean;
  /** Code of the first model that was lost. */
  readonly loss: Code | undefined;
}

export interface Decision {
  readonly state: Arbitration;
  readonly verdicts: readonly Verdict[];
}

export const newArbitration = (policy: ArbitrationPolicy): Arbitration => ({
  policy,
  contestants: [],
  winner: undefined,
  allAsked: false,
  ended: false,
  loss: undefined,
});

export const contestantOf = ({ contestants }: Arbitration, model: string): Contestant | undefined =>
  contestants.find((one) => one.model === model);
