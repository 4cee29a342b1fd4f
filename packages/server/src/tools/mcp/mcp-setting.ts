import { z } from "zod";

/** What holds for every MCP server. */
interface AnyMcpSetting {
  /**
   * Whose word counts on whether a call waits for somebody's agreement: `hint`, the server's own: only what it calls read-only
   * runs at once. `always` and `never` whatever it says. `hint` when left out.
   */
  readonly approval?: "hint" | "always" | "never" | undefined;
  /** `first`: a tool counts as agreed when it is first seen. `listed`: only once the operator has agreed. `first` when left out. */
  readonly trust?: "first" | "listed" | undefined;
  /** Names of the tools to take, as the server has them, with `*` for any run of characters; all when left out. */
  readonly tools?: readonly string[] | undefined;
  /** Seconds that a call may take; 30 when left out. */
  readonly timeout?: number | undefined;
}

/** A server that is a program on this machine, spoken to over its standard input and output. */
export interface McpCommandSetting extends AnyMcpSetting {
  readonly command: string;
  readonly args?: readonly string[] | undefined;
  /** All of its environment: nothing is inherited, not even PATH. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** The folder that it works in. */
  readonly cwd?: string | undefined;
}

/** A server that is reached over streamable HTTP. */
export interface McpUrlSetting extends AnyMcpSetting {
  readonly url: string | URL;
  /** Go along with every request, to this server and no other. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export type McpSetting = McpCommandSetting | McpUrlSetting;

export const isCommand = (setting: McpSetting): setting is McpCommandSetting =>
  "command" in setting && setting.command !== undefined;

const words = z
  .record(z.string().min(1), z.string("is not text"), "is not a list of names and texts")
  .optional();
const httpUrl = z.union([z.string(), z.instanceof(URL)], "is not an address").refine((url) => {
  const read = URL.parse(url);
  return read !== null && /^https?:$/.test(read.protocol) && read.username === "" && read.password === "";
}, "is not an http(s) address without a user name");

const both = z.strictObject(
  {
    command: z.string("is not text").min(1, "is empty").optional(),
    args: z.array(z.string("is not text"), "is not a list").optional(),
    env: words,
    cwd: z.string("is not text").min(1, "is empty").optional(),
    url: httpUrl.optional(),
    headers: words,
    approval: z.enum(["hint", "always", "never"], "is none of hint, always, never").optional(),
    trust: z.enum(["first", "listed"], "is none of first, listed").optional(),
    tools: z.array(z.string("is not text").min(1, "is empty"), "is not a list").optional(),
    timeout: z
      .number("is not a number of seconds")
      .positive("is not above 0")
      .max(3_600, "is above 3600")
      .optional(),
  },
  "is no MCP server",
);

/** Which of the two kinds it is. Faults are put to single parts: a server as a whole holds secrets that nobody shall read. */
const oneShape = both.transform((given, context): McpSetting => {
  const { command, args, env, cwd, url, headers, ...any } = given;
  const fault = (part: string, message: string): void =>
    context.addIssue({ code: "custom", path: [part], message });
  if (command !== undefined && url !== undefined) fault("url", "is one too many beside a command");
  if (command !== undefined) {
    if (headers !== undefined) fault("headers", "is for servers with a url");
    return { command, args, env, cwd, ...any };
  }
  for (const [part, value] of Object.entries({ args, env, cwd }))
    if (value !== undefined) fault(part, "is for servers with a command");
  if (url === undefined) fault("command", "is not what a server needs: a command or a url");
  return { url: url ?? "", headers, ...any };
});

/** One `_` may join words of a server's name; two stand between it and a tool's. */
const serverName = z
  .string()
  .max(24, "is longer than 24")
  .regex(/^[A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)*$/, "is no name of letters and digits, joined by - or _");

/** Checks the block `mcp` of a configuration: servers by name. Messages are ends of sentences that begin with the value. */
export const mcpShape = z.record(serverName, oneShape, "is not a list by name");
