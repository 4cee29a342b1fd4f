import { createTools } from "../tools/create-tools.ts";
import { closest } from "./closest.ts";
import type { ToolFaultOf } from "./config/config-sources.ts";
import type { Settings } from "./config/settings.ts";

const canBeFound = (find: () => unknown): boolean => {
  try {
    find();
    return true;
  } catch {
    return false;
  }
};

/**
 * Tells of a name in a list of tools what is wrong with it. Starts nothing, so that nothing has to be closed.
 *
 * @throws Error with a sentence for the operator when two tools have the same name
 */
export const toolFaults = (settings: Settings): ToolFaultOf => {
  const tools = createTools({ setting: settings.tools, dataDir: settings.dataDir });
  return (name) => {
    if (canBeFound(() => tools.find([name]))) return undefined;
    const meant = closest(name, tools.names);
    const all = ["*", ...tools.names].join(", ");
    return {
      wrong: `no tool is called ${JSON.stringify(name)}`,
      instead: `${meant === undefined ? "" : `${meant}, if that was meant, or `}any of ${all}`,
    };
  };
};
