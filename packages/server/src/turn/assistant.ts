import type { TurnLimits } from "@colloquy/protocol";
import type { Model } from "../models/model.ts";
import type { Policy } from "./policy.ts";

/** A configured persona. */
export interface Assistant {
  readonly id: string;
  readonly model: Model;
  readonly instructions?: string;
  /** How many exchanges go along with a prompt at most; all that fit when left out. */
  readonly contextExchanges?: number;
  readonly policy: Policy;
  readonly limits: TurnLimits;
}
