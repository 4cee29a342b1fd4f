import type { Tool } from "../tools/tool.ts";
import type { Assistant } from "./assistant.ts";

const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** What an assistant's model may call now; a model that cannot call tools is never told of any. */
export const offeredTools = ({ model, tools }: Assistant): readonly Tool[] =>
  model.callsTools === true ? (tools?.() ?? []) : [];

/**
 * What a model is told before anything else. With tools: today's date, how the tools are used, then the assistant's own
 * instructions; without them just the latter. The same all day long, so that providers can keep what they made of it.
 *
 * @param now milliseconds since the epoch
 */
export const instructionsOf = (
  { instructions }: Pick<Assistant, "instructions">,
  tools: readonly Pick<Tool, "name" | "usage">[],
  now: number,
): string | undefined => {
  if (tools.length === 0) return instructions;
  const date = new Date(now);
  const today = `Today is ${weekdays[date.getUTCDay()]}, ${date.toISOString().slice(0, 10)} (UTC).`;
  const uses = tools.flatMap(({ name, usage }) => (usage === undefined ? [] : [`- ${name}: ${usage}`]));
  const guide = uses.length > 0 ? [`How to use your tools:\n${uses.join("\n")}`] : [];
  return [today, ...guide, ...(instructions === undefined ? [] : [instructions])].join("\n\n");
};
