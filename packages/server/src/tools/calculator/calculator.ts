import path from "node:path";
import { z } from "zod";
import type { Clock } from "../../kernel/clock.ts";
import { createKillableThread } from "../../kernel/killable-thread.ts";
import { defineTool } from "../define-tool.ts";
import type { Tool } from "../tool.ts";
import type { Evaluated } from "./evaluate.ts";

/** A tool that has a thread to be ended. */
export interface CalculatorTool {
  readonly tool: Tool;
  close(): Promise<void>;
}

const parameters = z.object({
  expression: z
    .string()
    .min(1)
    .max(500)
    .describe("such as (2 + 3) * sqrt(2), 15% * 80, 5 km to mile, sin(30 deg), mean([1, 2, 3])"),
});

const limitMs = 1_000;

/** Works out sums with 64 digits, converts units. The thread begins with the first sum. */
export const createCalculator = (clock: Clock): CalculatorTool => {
  const thread = createKillableThread<string, Evaluated>({
    file: new URL(`./calculator-thread${path.extname(import.meta.url)}`, import.meta.url),
    name: "colloquy-calculator",
    limitMs,
    maxWaiting: 64,
    memory: { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
    clock,
  });
  const tool = defineTool({
    name: "calculator",
    description: "Works out an arithmetic expression exactly and converts units.",
    usage: "for every calculation beyond the simplest, rather than in your head",
    parameters,
    timeMs: 10_000,
    resultChars: 4_096,
    progress: ({ expression }) => `Calculating ${expression.slice(0, 80)}`,
    async run({ expression }, { signal }) {
      if (thread.full) throw new Error("The calculator is busy; try again in a moment.");
      const evaluated = await thread.ask(expression);
      signal.throwIfAborted();
      if (!evaluated)
        throw new Error("That takes longer than a second, or too much memory, so it was stopped.");
      if (!evaluated.ok) throw new Error(evaluated.says);
      return `${expression} = ${evaluated.text}`;
    },
  });
  return { tool, close: () => thread.close() };
};
