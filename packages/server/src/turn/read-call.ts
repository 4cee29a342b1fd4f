import type { Tool, ToolArguments } from "../tools/tool.ts";
import { sentenceOf } from "./run-tool.ts";

/** A call as a model made it. */
export interface MadeCall {
  readonly name: string;
  readonly arguments: string;
}

/** What a call's arguments may have, UTF-16 code units; of longer ones only the beginning is kept. */
const maxArguments = 256 * 1024;
const keptOfTooLong = 1_024;

/** How often the same call may fail within a turn before it is refused. */
const maxFailures = 3;

/** How often calls have failed within a turn, by what they were. */
export type Failures = Map<string, number>;

/** Two calls that mean the same have the same key, whatever the order of their members. */
export const callKey = ({ name, arguments: text }: MadeCall): string => {
  try {
    return `${name} ${canonical(JSON.parse(text))}`;
  } catch {
    return `${name} ${text}`;
  }
};

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );

/** A call as the log keeps it: what a model makes up may be of any length. */
export const keptCall = ({ name, arguments: text }: MadeCall): MadeCall => ({
  name: name.slice(0, 128).toWellFormed(),
  arguments: (text.length > maxArguments ? `${text.slice(0, keptOfTooLong)}…` : text).toWellFormed(),
});

/** A call that can be run, or a sentence for the model that says why not. */
export type ReadCall = { readonly tool: Tool; readonly args: ToolArguments } | { readonly refusal: string };

/** Looks at a call before anything of it is run. */
export const readCall = (call: MadeCall, tools: readonly Tool[], failures: Failures): ReadCall => {
  const tool = tools.find(({ name }) => name === call.name);
  if (!tool) {
    const known = tools.map(({ name }) => name).join(", ");
    return { refusal: `There is no such tool.${known === "" ? "" : ` There are: ${known}.`}` };
  }
  const { length } = call.arguments;
  if (length > maxArguments)
    return {
      refusal: `The arguments are too long: ${length} characters, at most ${maxArguments} are taken.`,
    };
  const args = objectOf(call.arguments);
  if (!args) return { refusal: "The arguments are not a JSON object." };
  const failed = failures.size === 0 ? 0 : (failures.get(callKey(call)) ?? 0);
  if (failed >= maxFailures)
    return { refusal: `Refused: the same call has failed ${failed} times. Do something else.` };
  try {
    const misfit = tool.misfit(args);
    return misfit === undefined ? { tool, args } : { refusal: misfit };
  } catch (thrown) {
    return { refusal: sentenceOf(thrown) };
  }
};

/** Models that want to say "none" write nothing. */
const objectOf = (text: string): ToolArguments | undefined => {
  try {
    const value: unknown = text.trim() === "" ? {} : JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
};

/** What people are shown while a call runs; nothing where its tool has nothing to say. */
export const progressOf = ({
  tool,
  args,
}: {
  readonly tool: Tool;
  readonly args: ToolArguments;
}): string | undefined => {
  try {
    const line: unknown = tool.progress?.(args);
    return typeof line === "string" && line !== "" ? line.slice(0, 256).toWellFormed() : undefined;
  } catch {
    return undefined;
  }
};
