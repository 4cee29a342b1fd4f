import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { systemClock, type Clock } from "../../packages/server/src/kernel/clock.ts";
import { silentLogger } from "../../packages/server/src/kernel/logger.ts";
import { createAgreements } from "../../packages/server/src/tools/mcp/agreements.ts";
import { loadMcpSdk } from "../../packages/server/src/tools/mcp/mcp-sdk.ts";
import type { McpSetting } from "../../packages/server/src/tools/mcp/mcp-setting.ts";
import { createMcpSource, type McpSourceOptions } from "../../packages/server/src/tools/mcp/mcp-source.ts";
import { agreementsFile } from "../../packages/server/src/tools/mcp/review-mcp.ts";
import { testContext } from "./tool-context.ts";

/** The program of a server that can do everything that servers should not. */
export const mcpProgram = path.resolve(import.meta.dirname, "mcp-server.ts");

export const newFolder = (): Promise<string> => mkdtemp(path.join(tmpdir(), "colloquy-"));

/** Waits a hundredth of what it is told to. */
const hastyClock: Clock = { ...systemClock, after: (ms, run) => systemClock.after(ms / 100, run) };

/** A source called `s` that is not started yet. */
export const makeMcpSource = async (
  setting: McpSetting,
  { dataDir, ...more }: Partial<McpSourceOptions> & { dataDir?: string } = {},
) => {
  const source = createMcpSource({
    server: "s",
    setting,
    agreements: createAgreements(agreementsFile(dataDir ?? (await newFolder()))),
    loadSdk: loadMcpSdk,
    searchPath: "",
    clock: hastyClock,
    logger: silentLogger,
    ...more,
  });
  const named = (name: string) => source.tools().find((tool) => tool.name === `s__${name}`);
  const call = async (name: string, args = {}, signal?: AbortSignal): Promise<string> => {
    const tool = named(name);
    if (!tool) throw new Error(`no ${name} among ${source.tools().length}: ${source.faults().join()}`);
    return tool.run(args, testContext(signal));
  };
  return { source, named, call };
};
