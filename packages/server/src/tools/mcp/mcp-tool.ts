import type { Tool as McpTool } from "@modelcontextprotocol/client";
import { createArgumentCheck, type JsonSchema } from "../argument-check.ts";
import { isToolName } from "../define-tool.ts";
import type { Tool, ToolArguments, ToolContext } from "../tool.ts";
import { visible } from "../visible.ts";
import type { McpSetting } from "./mcp-setting.ts";

/** A server's tool under the name that models know it by, or why it cannot be taken, as a sentence for the operator. */
export type TakenTool =
  | { readonly ok: true; readonly tool: Tool; readonly told: unknown }
  | { readonly ok: false; readonly says: string };

export interface TakeOptions {
  readonly server: string;
  readonly setting: McpSetting;
  readonly run: (tool: McpTool, args: ToolArguments, context: ToolContext, timeMs: number) => Promise<string>;
}

const maxDescriptionChars = 4_096;
const maxSchemaChars = 32 * 1024;
const defaultSeconds = 30;
export const mcpResultChars = 64 * 1024;

const isRecord = (value: unknown): value is JsonSchema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * What is checked here: that the arguments are there and of the right kind. The rest is the server's to check, and a schema
 * that a stranger wrote could keep us busy for ever.
 */
const shallow = (schema: JsonSchema): JsonSchema => {
  const { properties, required } = schema;
  const kinds = Object.entries(isRecord(properties) ? properties : {}).map(([name, property]) => {
    const type = isRecord(property) ? property["type"] : undefined;
    const known =
      typeof type === "string" && /^(?:string|number|integer|boolean|object|array|null)$/.test(type);
    return [name, known ? { type } : {}];
  });
  return {
    type: "object",
    properties: Object.fromEntries(kinds),
    ...(Array.isArray(required) && { required: required.filter((name) => typeof name === "string") }),
  };
};

const approvalOf = ({ approval = "hint" }: McpSetting, { annotations }: McpTool): boolean => {
  if (approval !== "hint") return approval === "always";
  return annotations?.readOnlyHint !== true || annotations.destructiveHint === true;
};

/** Makes a tool of ours of a server's. What the model is told about it is what the operator agrees to. */
export const takeMcpTool = (theirs: McpTool, { server, setting, run }: TakeOptions): TakenTool => {
  const shown = JSON.stringify(theirs.name.slice(0, 80));
  const no = (why: string): TakenTool => ({ ok: false, says: `${shown} is left out: ${why}` });
  const name = `${server}__${theirs.name.replaceAll(/[^A-Za-z0-9_-]/g, "_")}`;
  if (!isToolName(name)) return no("its name is too long");
  const { $schema: _, ...parameters } = theirs.inputSchema;
  const description = visible(theirs.description ?? theirs.title ?? theirs.name).slice(
    0,
    maxDescriptionChars,
  );
  if (JSON.stringify(parameters).length > maxSchemaChars) return no("its schema is too long");
  let check;
  try {
    check = createArgumentCheck(shallow(parameters));
  } catch {
    return no("its schema cannot be read");
  }
  const { timeout = defaultSeconds } = setting;
  const timeMs = timeout * 1_000;
  const tool: Tool = {
    name,
    description,
    parameters,
    approval: approvalOf(setting, theirs),
    runs: "server",
    timeMs,
    resultChars: mcpResultChars,
    misfit(args) {
      const checked = check.check(args);
      return checked.ok ? undefined : checked.says;
    },
    run: (args, context) => run(theirs, args, context, timeMs),
  };
  return {
    ok: true,
    tool,
    told: { name: theirs.name, description, parameters, annotations: theirs.annotations },
  };
};
