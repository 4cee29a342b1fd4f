import type { NewEntry } from "@colloquy/protocol";
import type { ColloquyError } from "../kernel/colloquy-error.ts";
import type { TurnState } from "../turn/turn-state.ts";
import type { ActiveTurn } from "./active-turn.ts";

/** What a lane needs of its conversation. */
export interface LaneHost {
  /** Runs one attempt of a turn, or runs it on; resolves when its end, or that it waits, is durable. */
  run(turn: ActiveTurn, attempt: number): Promise<"ended" | "waiting">;
  /** Ends a turn that does not run; resolves when that is durable. */
  close(turn: ActiveTurn, reason: ColloquyError): Promise<void>;
  appendSurely(entries: readonly NewEntry[]): Promise<unknown>;
  /** The end of a turn is durable; of one that runs, `run` says so itself. */
  over(turn: number): void;
  now(): number;
  /** Every change of a turn's state: undefined is before the first and after one that was given up. */
  moved(turn: ActiveTurn, from: TurnState | undefined, to: TurnState | undefined): void;
  failed(turn: ActiveTurn, error: ColloquyError): void;
}
