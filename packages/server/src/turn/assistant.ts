import type { TurnLimits } from "@colloquy/protocol";
import type { Model } from "../models/model.ts";
import type { Tool } from "../tools/tool.ts";
import type { Policy } from "./policy.ts";

/** A configured persona. */
export interface Assistant {
  readonly id: string;
  readonly model: Model;
  readonly instructions?: string;
  /** How many exchanges go along with a prompt at most; all that fit when left out. */
  readonly contextExchanges?: number;
  /** What its model may call; asked anew for each model call, since tools come and go. */
  readonly tools?: () => readonly Tool[];
  /** Every call waits for an approval, also of tools that need none. */
  readonly askFirst?: boolean;
  /** How long a call waits for an approval before it is denied `expired`; milliseconds. */
  readonly approvalMs?: number;
  readonly policy: Policy;
  readonly limits: TurnLimits;
}
