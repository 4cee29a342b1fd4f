import { namePattern } from "./name-pattern.ts";
import type { Tool, ToolSource } from "./tool.ts";

/** All tools of a server, by name. */
export interface ToolRegistry {
  /** What a list may name: tools, and `<source>__*` for those that come and go. */
  readonly names: readonly string[];
  /**
   * Those that a list names, exactly or with `*` for any run of characters, in the list's order. The function gives those
   * that can be called now.
   *
   * @throws Error with a sentence for the operator, for a name or a pattern that no tool can ever have
   */
  find(names: readonly string[]): () => readonly Tool[];
}

/** Stands between the name of a source and that of its tool. */
const joint = "__";

const checked = (
  tools: readonly Tool[],
  sources: Readonly<Record<string, ToolSource>>,
): Map<string, Tool> => {
  const byName = new Map<string, Tool>();
  for (const tool of tools) {
    if (byName.has(tool.name))
      throw new Error(`there are two tools called ${tool.name}; give one another name`);
    const [source] = tool.name.split(joint);
    if (tool.name.includes(joint) && source !== undefined && Object.hasOwn(sources, source))
      throw new Error(
        `${tool.name} is a name that the MCP server ${source} could use; give the tool another name`,
      );
    byName.set(tool.name, tool);
  }
  return byName;
};

/** Whether a pattern could fit a name that begins so. */
const mayBegin = (pattern: string, prefix: string): boolean => {
  const [start = ""] = pattern.split("*");
  return pattern.includes("*")
    ? start.startsWith(prefix) || prefix.startsWith(start)
    : pattern.startsWith(prefix);
};

/**
 * @param tools those that are always there
 * @param sources those that come and go, by name; their tools are called `<source>__<tool>`
 * @throws Error with a sentence for the operator when two have the same name
 */
export const createToolRegistry = (
  tools: readonly Tool[],
  sources: Readonly<Record<string, ToolSource>> = {},
): ToolRegistry => {
  const fixed = checked(tools, sources);

  const all = [...fixed.keys(), ...Object.keys(sources).map((name) => `${name}${joint}*`)];
  const known = all.length === 0 ? "there are none" : `there are ${all.join(", ")}`;

  return {
    names: all,
    find(names) {
      const wanted = names.map((name) => {
        const fits = namePattern(name);
        const fromFixed = [...fixed.values()].filter((tool) => fits(tool.name));
        const from = Object.entries(sources).filter(([source]) => mayBegin(name, `${source}${joint}`));
        if (fromFixed.length === 0 && from.length === 0)
          throw new Error(`no tool is called ${JSON.stringify(name)}; ${known}`);
        return { fits, fromFixed, from: from.map(([, source]) => source) };
      });
      return () => {
        const found = new Map<string, Tool>();
        for (const { fits, fromFixed, from } of wanted) {
          for (const tool of fromFixed) found.set(tool.name, tool);
          for (const source of from)
            for (const tool of source.tools())
              if (fits(tool.name) && !found.has(tool.name)) found.set(tool.name, tool);
        }
        return [...found.values()];
      };
    },
  };
};
