import type { Tool as McpTool } from "@modelcontextprotocol/client";
import { backoff } from "../../kernel/backoff.ts";
import { sleep, type Clock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/logger.ts";
import type { Tool, ToolArguments, ToolContext, ToolSource } from "../tool.ts";
import type { Agreements } from "./agreements.ts";
import { callFault } from "./call-fault.ts";
import { coalesce } from "./coalesce.ts";
import { openMcpLink, type McpLink } from "./mcp-link.ts";
import { showMcpResult } from "./mcp-result.ts";
import type { McpSdk } from "./mcp-sdk.ts";
import { isCommand, type McpSetting } from "./mcp-setting.ts";
import { onlyAgreed, sortTools, type McpShelf } from "./mcp-shelf.ts";
import { mcpResultChars } from "./mcp-tool.ts";

export interface McpSourceOptions {
  /** The server's name; its tools are called `<server>__<tool>`. */
  readonly server: string;
  readonly setting: McpSetting;
  readonly agreements: Agreements;
  readonly loadSdk: () => Promise<McpSdk>;
  /** Where commands are looked for. */
  readonly searchPath: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface McpSource extends ToolSource {
  /** Begins to connect. Resolves once it is known how the first try went; never rejects. */
  start(): Promise<void>;
  /** What is wrong at present, as sentences for the operator. */
  faults(): readonly string[];
}

/** How long until a server that could not be reached is tried again. */
const again = { baseMs: 1_000, maxMs: 60_000 };
/** A connection that lasted so long was a good one. */
const goodMs = 60_000;
/** How often a server is asked what it offers, which also shows whether it is still there. */
const lookEveryMs = 60_000;

/** What there is of a connection. */
interface Connection {
  readonly link: McpLink;
  readonly look: () => Promise<void>;
}

const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

const empty: McpShelf = { tools: [], fingerprints: new Map(), faults: [] };

/** The tools of an MCP server, for as long as it is there and has those to which the operator agreed. */
export const createMcpSource = (options: McpSourceOptions): McpSource => {
  const { server, setting, agreements, clock, logger } = options;
  const closing = new AbortController();
  let link: Connection | undefined;
  let shelf = empty;
  let problem: string | undefined = "it is not connected yet";
  let running: Promise<void> | undefined;

  const say = (next: string | undefined): void => {
    if (next !== undefined && next !== problem)
      logger.warn({ server, problem: next }, "an MCP server is at fault");
    if (next === undefined && problem !== undefined) logger.info({ server }, "an MCP server is connected");
    problem = next;
  };
  const putAway = (next: McpShelf): void => {
    const told = shelf.faults.join();
    if (next.faults.length > 0 && next.faults.join() !== told)
      logger.warn({ server, faults: next.faults }, "some tools of an MCP server cannot be used");
    shelf = next;
  };

  const run = async (tool: McpTool, args: ToolArguments, { signal }: ToolContext, timeMs: number) => {
    const mine = link;
    // A call that waited may be of a tool that has changed meanwhile.
    if (!mine || !isOffered(tool))
      throw new Error(`The tool ${tool.name} of ${server} is not there at the moment.`);
    let result;
    try {
      result = await mine.link.call(tool, args, timeMs, signal);
    } catch (error) {
      signal.throwIfAborted();
      const fault = callFault(server, error, await options.loadSdk());
      if (fault.suspicious) void mine.look();
      throw new Error(fault.says, { cause: error });
    }
    const text = showMcpResult(result, mcpResultChars);
    if (result.isError === true) throw new Error(text === "" ? `The tool ${tool.name} failed.` : text);
    return text;
  };
  const takeOptions = { server, setting, run };
  const isOffered = (tool: McpTool): boolean => {
    const [now] = sortTools([tool], takeOptions).fingerprints;
    const offered = now !== undefined && shelf.tools.some(({ name }) => name === now[0]);
    return offered && shelf.fingerprints.get(now[0]) === now[1];
  };

  /** Asks what it offers; a server that does not say is given up, and connected to anew. */
  const lookAt = async (mine: McpLink): Promise<void> => {
    let listed: readonly McpTool[];
    try {
      listed = await mine.list(closing.signal);
    } catch (error) {
      if (closing.signal.aborted || link?.link !== mine) return;
      say(`it does not say what tools it has: ${messageOf(error)}`);
      await mine.close();
      return;
    }
    let next: McpShelf;
    try {
      next = await onlyAgreed(sortTools(listed, takeOptions), takeOptions, agreements);
    } catch (error) {
      next = { ...empty, faults: [messageOf(error)] };
    }
    if (link?.link === mine) putAway(next);
  };

  const connect = async (newest: boolean): Promise<void> => {
    const sdk = await options.loadSdk();
    const onToolsChanged = (): void => void link?.look();
    const opened = await openMcpLink({ ...options, sdk, newest, onToolsChanged }, closing.signal);
    link = { link: opened, look: coalesce(() => lookAt(opened)) };
    say(undefined);
    await link.look();
  };
  const stay = async ({ link: mine, look }: Connection): Promise<void> => {
    const stop = clock.every(lookEveryMs, () => void look());
    await mine.over;
    stop();
    link = undefined;
    putAway(empty);
    const words = mine.lastWords();
    if (problem === undefined && !closing.signal.aborted)
      say(words === "" ? "it has gone away" : `it has gone away: ${words}`);
  };

  const keepConnected = async (onFirst: () => void): Promise<void> => {
    // Of programs all speak the older protocol but a few; each second try is for those.
    let newest = !isCommand(setting);
    for (let attempt = 1; !closing.signal.aborted; attempt += 1) {
      const began = clock.monotonic();
      try {
        await connect(newest);
      } catch (error) {
        if (isCommand(setting)) newest = !newest;
        if (!closing.signal.aborted) say(`it cannot be connected to: ${messageOf(error)}`);
      }
      onFirst();
      if (link) await (closing.signal.aborted ? link.link.close() : stay(link));
      if (clock.monotonic() - began > goodMs) attempt = 1;
      await sleep(backoff(again, attempt), clock, closing.signal).catch(() => {});
    }
  };

  return {
    tools: (): readonly Tool[] => shelf.tools,
    faults: () => [...(problem === undefined ? [] : [problem]), ...shelf.faults],
    start: () =>
      new Promise((resolve) => {
        running ??= keepConnected(resolve);
      }),
    async close() {
      closing.abort(new Error("the server is closing"));
      await link?.link.close();
      await running;
    },
  };
};
