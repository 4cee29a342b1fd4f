import { itemOffset } from "./line-shape.ts";
import { mendInline } from "./mend-inline.ts";
import { mendTable } from "./mend-table.ts";

/** A line of marks only: a list item, heading, quote, rule, fence or underline of which the words have not come. */
const onlyMarks = /^\s*(?:>\s*)*(?:[-+*_#=~`>|]+|(?:[-+*]|\d{1,9}[.)]?)(?:\s+\[[ xX]?\]?)?)\s*$/;
const openDefinition = /^ {0,3}\[[^\]]{1,200}\]:/;
/** A block that begins with a bracket may turn out to be a definition, of which nothing is shown. */
const mayBecomeDefinition = /^\s*\[[^\]]{0,80}\]?$/;
const fenceLine = /^\s*(?:(?:[-*+]|\d{1,9}[.)])\s+|>\s?)*(`{3,}|~{3,})([^`]*)$/;

/** The fence within a list or quote that the end of these lines is in, if any. */
const innerFence = (lines: readonly string[]): string | undefined => {
  let fence: string | undefined;
  for (const line of lines) {
    const [, run, info = ""] = fenceLine.exec(line) ?? [];
    if (run === undefined) continue;
    if (fence === undefined) fence = run;
    else if (run.startsWith(fence) && info.trim() === "") fence = undefined;
  }
  return fence;
};

/** Where the stretch of inline text begins that reaches the end: nothing open crosses an empty line, item or heading. */
const lastStretch = (lines: readonly string[]): number => {
  const end = lines.at(-1) === "" ? lines.length - 2 : lines.length - 1;
  for (let i = end; i > 0; i -= 1) {
    const line = lines[i] ?? "";
    if (line.trim() === "") return i + 1;
    if (itemOffset(line.trimStart()) !== undefined || /^\s*#{1,6}\s/.test(line)) return i;
    if (/^\s*#{1,6}\s/.test(lines[i - 1] ?? "")) return i;
  }
  return 0;
};

/**
 * A block that is still being written, as it most likely will look: marks whose words have not come are held back,
 * and what is open is closed. Only the look of the end changes, never what came before it.
 */
export const mend = (source: string): string => {
  const lines = source.split("\n");
  const last = lines.at(-1) ?? "";
  const rest = lines.slice(0, -1);
  const fence = innerFence(rest);
  if (fence !== undefined) return /^\s*[`~]+$/.test(last) ? rest.join("\n") : source;
  if (mayBecomeDefinition.test(source)) return "";
  if (fenceLine.test(last) || openDefinition.test(last)) return rest.join("\n");
  const table = mendTable(lines);
  if (table) return table.join("\n");
  if (last !== "" && onlyMarks.test(last)) return mend(`${rest.join("\n")}\n`);
  const start = lastStretch(lines);
  const head = lines.slice(0, start);
  return [...head, mendInline(lines.slice(start).join("\n"))].join("\n");
};
