import path from "node:path";
import { systemClock } from "../../kernel/clock.ts";
import { createAgreements } from "./agreements.ts";
import { openMcpLink } from "./mcp-link.ts";
import { loadMcpSdk } from "./mcp-sdk.ts";
import { isCommand, type McpSetting } from "./mcp-setting.ts";
import { sortTools } from "./mcp-shelf.ts";

/** A tool of a server as it is now, and whether the operator has agreed to that. */
export interface ReviewedTool {
  /** As models know it: `<server>__<tool>`. */
  readonly name: string;
  readonly description: string;
  /** JSON Schema; what it says of each argument is told to models too. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** `changed`: agreed to as it was once, and disabled. `new`: never seen. */
  readonly state: "agreed" | "changed" | "new";
  /** Calls wait for somebody's agreement. */
  readonly approval: boolean;
}

export interface ReviewOptions {
  readonly server: string;
  readonly setting: McpSetting;
  readonly dataDir: string;
  /** Where commands are looked for; the PATH of this process when left out. */
  readonly searchPath?: string;
}

/** Where agreements are kept. */
export const agreementsFile = (dataDir: string): string => path.join(dataDir, "mcp-tools.json");

/**
 * Connects to a server and looks at what it offers, for a command line. With `agree` the operator has agreed to all of it as
 * it is now; a server that runs takes that up within a minute.
 *
 * @throws Error with a sentence for the operator
 */
export const reviewMcp = async (options: ReviewOptions, agree: boolean): Promise<readonly ReviewedTool[]> => {
  const { server, setting, dataDir, searchPath = process.env["PATH"] ?? "" } = options;
  const agreements = createAgreements(agreementsFile(dataDir));
  const known = await agreements.known(server);
  const { signal } = new AbortController();
  const link = await openMcpLink(
    {
      sdk: await loadMcpSdk(),
      setting,
      searchPath,
      clock: systemClock,
      newest: !isCommand(setting),
      onToolsChanged() {},
    },
    signal,
  );
  try {
    const run = (): Promise<string> => Promise.reject(new Error("it is only looked at"));
    const { tools, fingerprints } = sortTools(await link.list(signal), { server, setting, run });
    if (agree) await agreements.agree(server, fingerprints);
    return tools.map(({ name, description, parameters, approval }) => {
      const before = known.get(name);
      const same = before === fingerprints.get(name);
      return {
        name,
        description,
        parameters,
        approval,
        state: same ? "agreed" : before === undefined ? "new" : "changed",
      };
    });
  } finally {
    await link.close();
  }
};

/** Agrees to all tools of a server as they are now; gives what they were before. */
export const agreeTo = (options: ReviewOptions): Promise<readonly ReviewedTool[]> => reviewMcp(options, true);
