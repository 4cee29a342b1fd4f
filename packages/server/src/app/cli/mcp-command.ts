import { parseArgs } from "node:util";
import { agreeTo, reviewMcp, type ReviewedTool } from "../../tools/mcp/review-mcp.ts";
import { plainText } from "../chat-screen.ts";
import { formatFaults } from "../config/config-fault.ts";
import { loadConfig } from "./load-config.ts";
import type { ExitCode, Terminal } from "./terminal.ts";

const said: Readonly<Record<ReviewedTool["state"], string>> = {
  agreed: "as agreed",
  changed: "CHANGED, disabled until you agree",
  new: "new",
};

/** As it would be written in a program: nothing is hidden in it, turned around, or a command to the terminal. */
const plainly = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Cf}\u{e0100}-\u{e01ef}]/gu, (one) => `\\u{${one.codePointAt(0)?.toString(16)}}`);

/** All that models are told of a tool: what is hidden in a description is there to be read. */
const show = ({ name, description, parameters, state, approval }: ReviewedTool): string =>
  `  ${name}: ${said[state]}${approval ? "; asks before each call" : ""}\n      ${plainly(description.replaceAll(/\s+/g, " ").trim())}\n      ${plainly(JSON.stringify(parameters))}\n`;

/** `colloquy mcp`: shows what the MCP servers of the configuration offer, and agrees to it. */
export const mcpCommand = async (args: readonly string[], terminal: Terminal): Promise<ExitCode> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { agree: { type: "boolean", default: false }, config: { type: "string" } },
  });
  const refuse = (sentence: string): ExitCode => {
    terminal.errors.write(`${sentence}\n`);
    return 2;
  };
  const read = await loadConfig(terminal, { config: values.config });
  if (!read.ok) return refuse(formatFaults(read.faults));
  const { tools, dataDir } = read.config;
  const servers = Object.entries(tools.mcp ?? {});
  if (servers.length === 0)
    return refuse("The configuration names no MCP servers: see docs/tools.md for tools.mcp.");
  const wanted = servers.filter(([name]) => positionals.length === 0 || positionals.includes(name));
  if (wanted.length === 0)
    return refuse(`There is no such server; there are ${servers.map(([name]) => name).join(", ")}.`);
  if (values.agree && positionals.length === 0)
    return refuse("Agree to which server? Write its name before --agree.");
  let failed = false;
  for (const [server, setting] of wanted) {
    terminal.output.write(`${server}\n`);
    try {
      const look = values.agree
        ? agreeTo
        : (options: Parameters<typeof agreeTo>[0]) => reviewMcp(options, false);
      for (const tool of await look({ server, setting, dataDir })) terminal.output.write(show(tool));
      if (values.agree) terminal.output.write("  Agreed to all of it as it is now.\n");
    } catch (thrown) {
      failed = true;
      terminal.errors.write(`  ${plainText(thrown instanceof Error ? thrown.message : String(thrown))}\n`);
    }
  }
  return failed ? 1 : 0;
};
