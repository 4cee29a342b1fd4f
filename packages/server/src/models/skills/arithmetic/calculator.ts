import path from "node:path";
import { systemClock, type Clock } from "../../../kernel/clock.ts";
import { ColloquyError } from "../../../kernel/colloquy-error.ts";
import { createKillableThread } from "../../../kernel/killable-thread.ts";
import type { Sum } from "./read-sum.ts";
import type { Worked } from "./work-out.ts";

/** Works sums out, each in a second at most. */
export interface Calculator {
  /**
   * Resolves to what came out; `too-long` when it was stopped.
   *
   * @throws ColloquyError `provider_busy` when too many wait, `closed` after `close`
   */
  workOut(sum: Sum): Promise<Worked | "too-long">;
  close(): Promise<void>;
}

export const createCalculator = (clock: Clock = systemClock): Calculator => {
  const thread = createKillableThread<Sum, Worked>({
    file: new URL(`./calculator-thread${path.extname(import.meta.url)}`, import.meta.url),
    name: "colloquy-sums",
    limitMs: 1_000,
    maxWaiting: 256,
    memory: { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
    clock,
  });
  return {
    async workOut(sum) {
      if (thread.full) throw new ColloquyError("provider_busy");
      return (await thread.ask(sum)) ?? "too-long";
    },
    close: () => thread.close(),
  };
};
