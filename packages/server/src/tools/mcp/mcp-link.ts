import type { CallToolResult, Client, Tool, Transport } from "@modelcontextprotocol/client";
import { sleep, type Clock } from "../../kernel/clock.ts";
import { boundedFetch } from "./bounded-fetch.ts";
import { findCommand } from "./find-command.ts";
import { createProcessTransport } from "./process-transport.ts";
import type { McpSdk } from "./mcp-sdk.ts";
import { isCommand, type McpCommandSetting, type McpSetting, type McpUrlSetting } from "./mcp-setting.ts";

/** One connection to a server, from its beginning to its end. */
export interface McpLink {
  /** Resolves when it is over, whoever ended it. */
  readonly over: Promise<void>;
  list(signal: AbortSignal): Promise<readonly Tool[]>;
  /** @param tool as `list` gave it */
  call(
    tool: Tool,
    args: Readonly<Record<string, unknown>>,
    timeMs: number,
    signal: AbortSignal,
  ): Promise<CallToolResult>;
  /** The last that a program said on its standard error. */
  lastWords(): string;
  close(): Promise<void>;
}

export interface McpLinkOptions {
  readonly sdk: McpSdk;
  readonly setting: McpSetting;
  /** Where commands are looked for. */
  readonly searchPath: string;
  readonly clock: Clock;
  /** Asks for the newest protocol before the one that all servers know. */
  readonly newest: boolean;
  onToolsChanged(): void;
}

/** The longest message that is taken from a server, bytes. */
const maxMessageBytes = 4 * 1024 * 1024;
/** A program may first have to be downloaded. */
const connectMs = 60_000;
/** Who does not answer the newest protocol's first question by then speaks an older one. */
const probeMs = 10_000;
const listMs = 10_000;

const openCommand = async ({ sdk, searchPath, clock }: McpLinkOptions, setting: McpCommandSetting) => {
  const { command, args = [], env = {}, cwd } = setting;
  const found = await findCommand(command, searchPath);
  const transport = createProcessTransport({ sdk, command: found, args, env, cwd, maxMessageBytes, clock });
  return { transport, lastWords: () => transport.lastWords(), leave: async () => {} };
};

const openUrl = ({ sdk, clock }: McpLinkOptions, setting: McpUrlSetting) => {
  const transport = new sdk.StreamableHTTPClientTransport(new URL(setting.url), {
    requestInit: { headers: { ...setting.headers } },
    fetch: boundedFetch(maxMessageBytes),
  });
  /** A session that is over is told so, if the server listens. */
  const leave = async (): Promise<void> => {
    await Promise.race([transport.terminateSession(), sleep(1_000, clock)]).catch(() => {});
  };
  return { transport, lastWords: () => "", leave };
};

/**
 * Connects, with a limit to everything that a server could let us wait for.
 *
 * @throws whatever kept the connection from being made; nothing is left of it then
 */
export const openMcpLink = async (options: McpLinkOptions, signal: AbortSignal): Promise<McpLink> => {
  const { sdk, setting, newest } = options;
  const opened = isCommand(setting) ? await openCommand(options, setting) : openUrl(options, setting);
  const client: Client = new sdk.Client(
    { name: "colloquy", version: "1" },
    {
      versionNegotiation: { mode: newest ? "auto" : "legacy", probe: { timeoutMs: probeMs } },
      listMaxPages: 16,
      listChanged: { tools: { autoRefresh: false, onChanged: () => options.onToolsChanged() } },
    },
  );
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  client.onclose = end;
  const close = async (): Promise<void> => {
    await client.close().catch(() => {});
    end();
  };
  const transport: Transport = opened.transport;
  try {
    await client.connect(transport, { timeout: connectMs, maxTotalTimeout: connectMs, signal });
  } catch (error) {
    await transport.close().catch(() => {});
    await close();
    const words = opened.lastWords();
    throw words === "" ? error : new Error(words, { cause: error });
  }
  return {
    over,
    lastWords: opened.lastWords,
    async list(signal) {
      const listed = await client.listTools(undefined, {
        cacheMode: "refresh",
        timeout: listMs,
        maxTotalTimeout: listMs,
        signal,
      });
      return listed.tools;
    },
    call(tool, args, timeMs, signal) {
      // Only the text of a result is read, so what it promises of the rest is not checked, and its patterns do not run here.
      const { outputSchema: _, ...toolDefinition } = tool;
      return client.callTool(
        { name: tool.name, arguments: { ...args } },
        { toolDefinition, timeout: timeMs, maxTotalTimeout: timeMs, signal },
      );
    },
    async close() {
      await opened.leave();
      await close();
    },
  };
};
