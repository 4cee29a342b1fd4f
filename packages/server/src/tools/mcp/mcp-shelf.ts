import type { Tool as McpTool } from "@modelcontextprotocol/client";
import { namePattern } from "../name-pattern.ts";
import type { Tool } from "../tool.ts";
import { fingerprintOf, type Agreements } from "./agreements.ts";
import { takeMcpTool, type TakeOptions } from "./mcp-tool.ts";

/** A server's tools, by the names that models know them by, and what is wrong with others, as sentences. */
export interface McpShelf {
  readonly tools: readonly Tool[];
  /** What the operator agrees to, by name. */
  readonly fingerprints: ReadonlyMap<string, string>;
  readonly faults: readonly string[];
}

const maxTools = 128;
/** Faults that are told of; a server may have any number. */
const maxFaults = 10;

/** Sorts out what a server offers: what was asked for, can be taken, and is there once. */
export const sortTools = (listed: readonly McpTool[], options: TakeOptions): McpShelf => {
  const wanted = options.setting.tools?.map(namePattern);
  const tools = new Map<string, Tool>();
  const fingerprints = new Map<string, string>();
  const faults: string[] = [];
  for (const theirs of listed) {
    if (wanted && !wanted.some((fits) => fits(theirs.name))) continue;
    const taken = takeMcpTool(theirs, options);
    if (!taken.ok) faults.push(taken.says);
    else if (tools.has(taken.tool.name))
      faults.push(`${taken.tool.name} is there twice; the second is left out`);
    else if (tools.size >= maxTools)
      faults.push(`it has more than ${maxTools} tools; ${taken.tool.name} is left out`);
    else {
      tools.set(taken.tool.name, taken.tool);
      fingerprints.set(taken.tool.name, fingerprintOf(taken.told));
    }
  }
  return { tools: [...tools.values()], fingerprints, faults: faults.slice(0, maxFaults) };
};

/** What is left of it when only that counts to which the operator agreed. */
export const onlyAgreed = async (
  shelf: McpShelf,
  { server, setting }: TakeOptions,
  agreements: Agreements,
): Promise<McpShelf> => {
  const first = (setting.trust ?? "first") === "first";
  const agreed = await agreements.agreed(server, shelf.fingerprints, first);
  const others = shelf.tools.filter(({ name }) => !agreed.has(name)).map(({ name }) => name);
  const fault = `not agreed to as they are now: ${others.slice(0, maxFaults).join(", ")}; look at them with: colloquy mcp ${server}`;
  return {
    ...shelf,
    tools: shelf.tools.filter(({ name }) => agreed.has(name)),
    faults: [...(others.length > 0 ? [fault] : []), ...shelf.faults],
  };
};
