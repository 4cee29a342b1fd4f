import { z } from "zod";
import { mcpShape, type McpSetting } from "./mcp/mcp-setting.ts";
import type { Tool } from "./tool.ts";
import type { WeatherOptions } from "./weather/weather.ts";

/** The block `tools` of `colloquy.config.ts`. An assistant has the tools that its own list names. */
export interface ToolsSetting {
  /** The embedder's own, made by `defineTool` and `clientTool`. */
  readonly own?: readonly Tool[] | undefined;
  /** MCP servers by name; their tools are called `<server>__<tool>`. */
  readonly mcp?: Readonly<Record<string, McpSetting>> | undefined;
  /** A service that speaks as Open-Meteo does, instead of it. */
  readonly weather?: WeatherOptions | undefined;
}

const isTool = (value: unknown): value is Tool =>
  typeof value === "object" &&
  value !== null &&
  "name" in value &&
  typeof value.name === "string" &&
  "run" in value &&
  typeof value.run === "function" &&
  "misfit" in value &&
  typeof value.misfit === "function";

const base = z.url({ protocol: /^https?$/, error: "is not an http(s) address" }).optional();

/** Checks the block. Messages are ends of sentences that begin with the value. */
export const toolsShape: z.ZodType<ToolsSetting> = z.strictObject({
  own: z.array(z.custom<Tool>(isTool, "is not made by defineTool or clientTool"), "is not a list").optional(),
  mcp: mcpShape.optional(),
  weather: z.strictObject({ placesUrl: base, forecastUrl: base }).optional(),
});

/** What an operator reads beside a fault of the block. */
export const toolsInstead =
  '{ own: [defineTool({ … })], mcp: { files: { command: "npx", args: […], env: { PATH } }, docs: { url, headers } } }';
