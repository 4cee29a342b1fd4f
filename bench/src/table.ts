import { isVoid, most, othersShare, percent, type Line } from "./rows/row.ts";

/** More than this of the server's core taken by others is said beside the verdict. */
const quietShare = 0.1;

const verdict = (line: Line): string => {
  if (line.uses.some(isVoid)) return "void";
  const word = line.held === undefined ? "–" : line.held ? "held" : "missed";
  const others = most(line.uses.map(othersShare));
  return others > quietShare ? `${word}, disturbed: others took ${percent(others)}` : word;
};

/** The lines as a Markdown table. */
export const formatTable = (lines: readonly Line[]): string => {
  const rows = lines.map((line) => [
    line.figure + (line.note === undefined ? "" : ` (${line.note})`),
    line.goal,
    line.ours,
    line.beside,
    percent(most(line.uses.map((use) => use.loadCore))),
    verdict(line),
  ]);
  const all = [["figure", "goal", "Colloquy", "beside it, in the same run", "load core", "goal is"], ...rows];
  const [head = "", ...rest] = all.map((cells) => `| ${cells.join(" | ")} |`);
  return [head, "|---|---|---|---|---|---|", ...rest].join("\n");
};
