import { z } from "zod";

/** What holds for every MCP server. */
interface AnyMcpSetting {
  /**
   * Whose word counts on whether a call waits for somebody's agreement: `hint`, the server's own: only what it calls read-only
   * runs at once. `always` and `never` whatever it says. `hint` when left out.
   */
  readonly approval?: "hint" | "always" | "never";
  /** `first`: a tool counts as agreed when it is first seen. `listed`: only once the operator has agreed. `first` when left out. */
  readonly trust?: "first" | "listed";
  /** Names of the tools to take, as the server has them, with `*` for any run of characters; all when left out. */
  readonly tools?: readonly string[];
  /** Seconds that a call may take; 30 when left out. */
  readonly timeout?: number;
}

/** A server that is a program on this machine, spoken to over its standard input and output. */
export interface McpCommandSetting extends AnyMcpSetting {
  readonly command: string;
  readonly args?: readonly string[];
  /** All of its environment: nothing is inherited, not even PATH. */
  readonly env?: Readonly<Record<string, string>>;
  /** The folder that it works in. */
  readonly cwd?: string;
}

/** A server that is reached over streamable HTTP. */
export interface McpUrlSetting extends AnyMcpSetting {
  readonly url: string | URL;
  /** Go along with every request, to this server and no other. */
  readonly headers?: Readonly<Record<string, string>>;
}

export type McpSetting = McpCommandSetting | McpUrlSetting;

export const isCommand = (setting: McpSetting): setting is McpCommandSetting => "command" in setting;

const any = {
  approval: z.enum(["hint", "always", "never"]).optional(),
  trust: z.enum(["first", "listed"]).optional(),
  tools: z.array(z.string().min(1).max(128)).optional(),
  timeout: z.number().positive().max(3_600).optional(),
};
const words = z.record(z.string().min(1), z.string());
const httpUrl = z
  .union([z.string(), z.instanceof(URL)])
  .refine(
    (url) => /^https?:$/.test(URL.parse(String(url))?.protocol ?? ""),
    "must be an http or https address",
  );

const commandShape = z.strictObject({
  command: z.string().min(1),
  args: z.array(z.string()).optional(),
  env: words.optional(),
  cwd: z.string().min(1).optional(),
  ...any,
});
const urlShape = z.strictObject({ url: httpUrl, headers: words.optional(), ...any });

/** One `_` may join words of a server's name; two stand between it and a tool's. */
const serverName = z
  .string()
  .max(24)
  .regex(/^[A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)*$/, "must be letters and digits, joined by - or _, at most 24");

/** Checks the block `mcp` of a configuration: servers by name. */
export const mcpShape = z.record(serverName, z.union([commandShape, urlShape]));
