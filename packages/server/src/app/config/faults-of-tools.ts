import type { ConfigFault } from "./config-fault.ts";
import type { Gathered, ToolFaultOf } from "./config-sources.ts";
import type { Config } from "./resolve-config.ts";
import { settingFacts } from "./setting-facts.ts";

/** Each name in a list of tools that no tool can have, under the list's name. */
export const faultsOfTools = (
  config: Config,
  given: Gathered,
  lookUp: () => ToolFaultOf,
): readonly ConfigFault[] => {
  let faultOf: ToolFaultOf;
  try {
    faultOf = lookUp();
  } catch (error) {
    const wrong = error instanceof Error ? error.message : String(error);
    return [{ name: given.get("tools")?.name ?? "tools", wrong, instead: settingFacts.tools.instead }];
  }
  const within = given.get("assistants")?.name ?? "assistants";
  const lists = [
    ...[...config.assistants.values()].map(
      ({ id, tools = [] }) => [within.replace("assistants", `assistants.${id}.tools`), tools] as const,
    ),
    [given.get("roomTools")?.name ?? "ROOM_TOOLS", config.roomTools ?? []] as const,
  ];
  return lists.flatMap(([name, tools]) =>
    [...new Set(tools)].flatMap((tool) => {
      const fault = faultOf(tool);
      return fault ? [{ name, ...fault }] : [];
    }),
  );
};
