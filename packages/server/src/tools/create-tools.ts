import { systemClock, type Clock } from "../kernel/clock.ts";
import { silentLogger, type Logger } from "../kernel/logger.ts";
import { createCalculator } from "./calculator/calculator.ts";
import { createCurrentTime } from "./current-time.ts";
import { createAgreements } from "./mcp/agreements.ts";
import { loadMcpSdk } from "./mcp/mcp-sdk.ts";
import { createMcpSource } from "./mcp/mcp-source.ts";
import { agreementsFile } from "./mcp/review-mcp.ts";
import { createFetchPage } from "./page/fetch-page.ts";
import { createToolRegistry, type ToolRegistry } from "./tool-registry.ts";
import type { ToolsSetting } from "./tools-setting.ts";
import { createWeather } from "./weather/weather.ts";

export interface CreateToolsOptions {
  readonly setting?: ToolsSetting;
  /** Where it is kept which tools of MCP servers the operator agreed to. */
  readonly dataDir: string;
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** Where commands of MCP servers are looked for; the PATH of this process when left out. */
  readonly searchPath?: string;
}

/** All tools of a server, and what keeps them going. */
export interface Tools extends ToolRegistry {
  /** Begins to connect to MCP servers. Resolves once the first try with each is over, or after 5 s; never rejects. */
  start(): Promise<void>;
  /** What is wrong at present, as sentences for the operator; nothing of it keeps the server from serving. */
  faults(): readonly string[];
  close(): Promise<void>;
}

/** How long a start waits for MCP servers; those that take longer come when they come. */
const startMs = 5_000;

/**
 * Puts together the built-in tools (`current_time`, `calculator`, `weather`, `fetch_page`), the embedder's own and those of MCP
 * servers.
 *
 * @throws Error with a sentence for the operator when two tools have the same name
 */
export const createTools = (options: CreateToolsOptions): Tools => {
  const { setting = {}, dataDir, clock = systemClock, logger = silentLogger } = options;
  const { searchPath = process.env["PATH"] ?? "" } = options;
  const agreements = createAgreements(agreementsFile(dataDir));
  const sources = Object.entries(setting.mcp ?? {}).map(([server, one]) => ({
    server,
    source: createMcpSource({
      server,
      setting: one,
      agreements,
      loadSdk: loadMcpSdk,
      searchPath,
      clock,
      logger,
    }),
  }));
  const calculator = createCalculator(clock);
  const builtIn = [
    createCurrentTime(clock),
    calculator.tool,
    createWeather(setting.weather),
    createFetchPage({ clock }),
  ];
  const registry = createToolRegistry(
    [...builtIn, ...(setting.own ?? [])],
    Object.fromEntries(sources.map(({ server, source }) => [server, source])),
  );
  let stopWaiting = (): void => {};

  return {
    names: registry.names,
    find: (names) => registry.find(names),
    faults: () =>
      sources.flatMap(({ server, source }) =>
        source.faults().map((fault) => `MCP server ${server}: ${fault}`),
      ),
    start: () =>
      new Promise((resolve) => {
        stopWaiting = clock.after(startMs, resolve);
        void Promise.all(sources.map(({ source }) => source.start())).then(() => {
          stopWaiting();
          resolve();
        });
      }),
    async close() {
      stopWaiting();
      await Promise.all([calculator.close(), ...sources.map(({ source }) => source.close())]);
    },
  };
};
