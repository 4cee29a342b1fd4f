import { ColloquyError } from "../../kernel/colloquy-error.ts";
import { closest } from "../closest.ts";
import { readVersion } from "../version.ts";
import { chatCommand } from "./chat-command.ts";
import { doctorCommand } from "./doctor-command.ts";
import { helpText } from "./help-text.ts";
import { mcpCommand } from "./mcp-command.ts";
import { serveCommand } from "./serve-command.ts";
import { settingsText } from "./settings-text.ts";
import { skillsCommand } from "./skills-command.ts";
import type { ExitCode, Terminal } from "./terminal.ts";
import { tokenCommand } from "./token-command.ts";
import { watchCommand } from "./watch-command.ts";

type Command = (args: readonly string[], terminal: Terminal) => Promise<ExitCode> | ExitCode;

const say =
  (text: (args: readonly string[]) => string): Command =>
  (args, terminal) => {
    terminal.output.write(text(args));
    return 0;
  };

const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ["serve", serveCommand],
  ["chat", chatCommand],
  ["watch", watchCommand],
  ["doctor", doctorCommand],
  ["token", tokenCommand],
  ["skills", skillsCommand],
  ["mcp", mcpCommand],
  ["help", say(([about]) => (about === "settings" ? settingsText() : helpText))],
  ["version", say(() => `${readVersion()}\n`)],
]);

const aliases: ReadonlyMap<string, string> = new Map([
  ["--help", "help"],
  ["-h", "help"],
  ["--version", "version"],
  ["-v", "version"],
]);

/** parseArgs throws for what it does not know; its sentences are made for people. */
const isArgumentFault = (thrown: unknown): thrown is Error =>
  thrown instanceof Error && "code" in thrown && String(thrown.code).startsWith("ERR_PARSE_ARGS");

/** Runs a command of `colloquy`, and resolves to the process's exit code. */
export const runCli = async (args: readonly string[], terminal: Terminal): Promise<ExitCode> => {
  const [first = "help", ...rest] = args;
  const name = aliases.get(first) ?? first;
  const command = commands.get(name);
  if (!command) {
    const meant = closest(name, [...commands.keys()]);
    terminal.errors.write(
      `There is no command "${name}"${meant === undefined ? "" : `; did you mean ${meant}?`}\n\n${helpText}`,
    );
    return 2;
  }
  if (rest.includes("--help")) {
    terminal.output.write(helpText);
    return 0;
  }
  try {
    return await command(rest, terminal);
  } catch (thrown) {
    if (isArgumentFault(thrown)) {
      terminal.errors.write(`${thrown.message}\n\n${helpText}`);
      return 2;
    }
    if (thrown instanceof ColloquyError) {
      terminal.errors.write(`${thrown.message}${thrown.detail === undefined ? "" : ` (${thrown.detail})`}\n`);
      return 1;
    }
    throw thrown;
  }
};
