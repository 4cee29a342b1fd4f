import type { TurnLimits } from "@colloquy/protocol";
import type { Model } from "../models/model.ts";
import type { Policy } from "./policy.ts";

/** A configured persona. */
export interface Assistant {
  readonly id: string;
  readonly model: Model;
  readonly instructions?: string;
  readonly policy: Policy;
  readonly limits: TurnLimits;
}
