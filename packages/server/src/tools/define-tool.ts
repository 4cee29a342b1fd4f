import type { z } from "zod";
import { createArgumentCheck, type ArgumentCheck, type JsonSchema } from "./argument-check.ts";
import type { Tool, ToolArguments, ToolContext } from "./tool.ts";

/** What is left out has a sensible value. `Args` is what `run` gets. */
export interface ToolDefinition<Parameters, Args> {
  /** `[A-Za-z0-9_-]`, at most 64. */
  readonly name: string;
  /** What it does, for the model. */
  readonly description: string;
  /** A zod object, or JSON Schema of an object. Refinements of a zod schema must not be asynchronous. */
  readonly parameters: Parameters;
  /**
   * The result as the model reads it: text, or anything that JSON can say. What is thrown goes to the model as its message.
   */
  run(args: Args, context: ToolContext): unknown;
  /** Somebody must agree before it runs; false when left out. */
  readonly approval?: boolean;
  /** Milliseconds; 30,000 when left out. */
  readonly timeMs?: number;
  /** Length of a result; 65,536 when left out. */
  readonly resultChars?: number;
  /** What people are shown while it runs. */
  progress?(args: Args): string;
  /** One line for the system prompt: when and how to use it. */
  readonly usage?: string;
}

/** A tool that runs in the program of whoever asked. */
export interface ClientToolDefinition {
  readonly name: string;
  readonly description: string;
  readonly parameters: z.core.$ZodType | JsonSchema;
  /** How long its result is waited for, milliseconds; 120,000 when left out. */
  readonly timeMs?: number;
  readonly resultChars?: number;
  readonly progress?: string;
  readonly usage?: string;
}

const toolName = /^[A-Za-z0-9_-]{1,64}$/;
const defaults = { timeMs: 30_000, clientTimeMs: 120_000, resultChars: 64 * 1024 };

/** Whether a model's provider will take it as the name of a tool. */
export const isToolName = (name: string): boolean => toolName.test(name);

const positive = (name: string, what: string, value: number): number => {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new Error(`tool ${name}: ${what} must be a whole number above 0`);
};

type Base = Pick<Tool, "name" | "description" | "parameters" | "timeMs" | "resultChars" | "usage" | "misfit">;

const makeBase = (definition: Omit<ClientToolDefinition, "progress">, timeMs: number) => {
  const { name, description, parameters, resultChars = defaults.resultChars, usage } = definition;
  if (!isToolName(name))
    throw new Error(`"${name}" cannot be a tool's name: use A-Z a-z 0-9 _ -, at most 64`);
  if (description.trim() === "") throw new Error(`tool ${name}: it needs a description for the model`);
  let checks: ArgumentCheck;
  try {
    checks = createArgumentCheck(parameters);
  } catch (error) {
    throw new Error(`tool ${name}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  const base: Base = {
    name,
    description,
    parameters: checks.schema,
    timeMs: positive(name, "timeMs", definition.timeMs ?? timeMs),
    resultChars: positive(name, "resultChars", resultChars),
    misfit(args) {
      const checked = checks.check(args);
      return checked.ok ? undefined : checked.says;
    },
    ...(usage !== undefined && { usage }),
  };
  return { base, checks };
};

const asText = (result: unknown): string =>
  typeof result === "string" ? result : (JSON.stringify(result) ?? "");

/**
 * Makes a tool of a function.
 *
 * @example
 * const roll = defineTool({
 *   name: "roll_dice",
 *   description: "Rolls dice and gives what they show.",
 *   parameters: z.object({ dice: z.int().min(1).max(10) }),
 *   run: ({ dice }) => Array.from({ length: dice }, () => 1 + Math.floor(Math.random() * 6)),
 * });
 * @throws Error with a sentence for whoever defined it
 */
export function defineTool<S extends z.core.$ZodType>(definition: ToolDefinition<S, z.output<S>>): Tool;
export function defineTool(definition: ToolDefinition<JsonSchema, ToolArguments>): Tool;
export function defineTool(definition: ToolDefinition<z.core.$ZodType | JsonSchema, unknown>): Tool {
  const { base, checks } = makeBase(definition, defaults.timeMs);
  /** What the definition's functions take: what the check made of the arguments. */
  const meant = (args: ToolArguments): unknown => {
    const checked = checks.check(args);
    if (!checked.ok) throw new Error(checked.says);
    return checked.args;
  };
  return {
    ...base,
    approval: definition.approval ?? false,
    runs: "server",
    ...(definition.progress && {
      progress: (args: ToolArguments) => definition.progress?.(meant(args)) ?? "",
    }),
    run: async (args, context) => asText(await definition.run(meant(args), context)),
  };
}

/** Makes a tool that a client runs: the call goes to it, and its result comes back from it. */
export const clientTool = (definition: ClientToolDefinition): Tool => {
  const { progress } = definition;
  return {
    ...makeBase(definition, defaults.clientTimeMs).base,
    approval: false,
    runs: "client",
    ...(progress !== undefined && { progress: () => progress }),
    run: () => Promise.reject(new Error(`${definition.name} runs in the client`)),
  };
};
