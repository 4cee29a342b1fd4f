import { settingFacts } from "../config/setting-facts.ts";
import { settingsSchema } from "../config/settings.ts";

const width = 80;
const indent = 6;

/** Breaks a text into lines that fit a terminal of 80 columns; what is longer than a line stands by itself. */
const wrap = (text: string, room: number): readonly string[] => {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
};

/** A default as one would write it in the environment; empty where there is none. */
const written = (value: unknown): string => {
  if (typeof value === "boolean") return value ? "1" : "0";
  if (Array.isArray(value)) return value.join(",");
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
};

/** The name that a setting of the environment has in the file, if nothing else is said. */
const camelCase = (env: string): string =>
  env.toLowerCase().replace(/_./g, ([, next = ""]) => next.toUpperCase());

/** What `colloquy help settings` says. */
export const settingsText = (): string => {
  const defaults = new Map<string, unknown>(Object.entries(settingsSchema.parse({})));
  const rows = Object.entries(settingFacts).map(([name, fact]) => ({
    name: fact.env ?? name,
    usual: fact.usual ?? written(defaults.get(name)),
    instead:
      fact.env === undefined || camelCase(fact.env) === name
        ? fact.instead
        : `${fact.instead} (in the file: ${name})`,
  }));
  const column = 2 + Math.max(...rows.map(({ name }) => name.length)) + 2;
  const blocks = rows.map(({ name, usual, instead }) => {
    const [first = "", ...more] = wrap(usual, width - column);
    return [
      `  ${name}`.padEnd(column) + first,
      ...more.map((line) => " ".repeat(column) + line),
      ...wrap(instead, width - indent).map((line) => " ".repeat(indent) + line),
    ].map((line) => `${line.trimEnd()}\n`);
  });
  return [
    "All settings, each with what it is when you say nothing, and what to write.\n\n",
    "They are read from the environment, or from colloquy.config.ts by the same\n",
    "names in camelCase (PORT is port there). What begins in small letters exists\n",
    "in the file only.\n\n",
    blocks.map((lines) => lines.join("")).join("\n"),
  ].join("");
};
