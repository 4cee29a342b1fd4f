import { ColloquyError } from "../../kernel/colloquy-error.ts";
import { closest } from "../closest.ts";
import { readVersion } from "../version.ts";
import { chatCommand } from "./chat-command.ts";
import { doctorCommand } from "./doctor-command.ts";
import { helpOf, helpText, optionsOf } from "./help-text.ts";
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
  ["help", say(([about = ""]) => (about === "settings" ? settingsText() : helpOf(about)))],
  ["version", say(() => `${readVersion()}\n`)],
]);

const aliases: ReadonlyMap<string, string> = new Map([
  ["--help", "help"],
  ["-h", "help"],
  ["--version", "version"],
  ["-v", "version"],
]);

/** What people write who mean `serve`. */
const starts: ReadonlySet<string> = new Set(["start", "run", "server", "up"]);

const unknownCommand = (name: string): string => {
  if (name.startsWith("-")) return `Options come after a command: colloquy serve ${name} …`;
  const meant = starts.has(name) ? "serve" : closest(name, [...commands.keys()]);
  return `There is no command "${name}"${meant === undefined ? "" : `; did you mean ${meant}?`}`;
};

/** What `parseArgs` said, with the option that was meant if one is near. */
const argumentFault = ({ message }: Error, name: string): string => {
  const [said = "", wrong] = /^Unknown option '(--[^' ]+)'/.exec(message) ?? [message];
  const meant = wrong === undefined ? undefined : closest(wrong, optionsOf(name));
  return meant === undefined ? said : `${said}; did you mean ${meant}?`;
};

/** parseArgs throws for what it does not know; its sentences are made for people. */
const isArgumentFault = (thrown: unknown): thrown is Error =>
  thrown instanceof Error && "code" in thrown && String(thrown.code).startsWith("ERR_PARSE_ARGS");

/** Runs a command of `colloquy`, and resolves to the process's exit code. */
export const runCli = async (args: readonly string[], terminal: Terminal): Promise<ExitCode> => {
  const [first = "help", ...rest] = args;
  const name = aliases.get(first) ?? first;
  const command = commands.get(name);
  if (!command) {
    terminal.errors.write(`${unknownCommand(name)}\n\n${helpText}`);
    return 2;
  }
  if (rest.includes("--help") || rest.includes("-h")) {
    terminal.output.write(helpOf(name));
    return 0;
  }
  try {
    return await command(rest, terminal);
  } catch (thrown) {
    if (isArgumentFault(thrown)) {
      terminal.errors.write(`${argumentFault(thrown, name)}\n\n${helpOf(name)}`);
      return 2;
    }
    if (thrown instanceof ColloquyError) {
      terminal.errors.write(`${thrown.message}${thrown.detail === undefined ? "" : ` (${thrown.detail})`}\n`);
      return 1;
    }
    throw thrown;
  }
};
