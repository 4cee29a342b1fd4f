import { z } from "zod";
import { mcpShape, type McpSetting } from "./mcp/mcp-setting.ts";
import type { Tool } from "./tool.ts";

/** The block `tools` of `colloquy.config.ts`. An assistant has the tools that its own list names. */
export interface ToolsSetting {
  /** The embedder's own, made by `defineTool` and `clientTool`. */
  readonly own?: readonly Tool[];
  /** MCP servers by name; their tools are called `<server>__<tool>`. */
  readonly mcp?: Readonly<Record<string, McpSetting>>;
  /** A service that speaks as Open-Meteo does, instead of it. */
  readonly weather?: { readonly placesUrl?: string; readonly forecastUrl?: string };
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

const base = z.url({ protocol: /^https?$/ }).optional();

/** Checks the block; its issues name what is wrong in it. */
export const toolsShape = z.strictObject({
  own: z.array(z.custom<Tool>(isTool, "must be made by defineTool or clientTool")).optional(),
  mcp: mcpShape.optional(),
  weather: z.strictObject({ placesUrl: base, forecastUrl: base }).optional(),
});

/** What an operator reads beside a fault of the block. */
export const toolsInstead =
  '{ own: [defineTool({ … })], mcp: { files: { command: "npx", args: […], env: { PATH } }, docs: { url, headers } } }';
