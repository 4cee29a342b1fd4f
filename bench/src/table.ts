import { isVoid, percent, type Line } from "./rows/row.ts";

const verdict = (line: Line): string => {
  if (isVoid(line.loadCore)) return "void";
  if (line.held === undefined) return "–";
  return line.held ? "held" : "missed";
};

/** The lines as a Markdown table. */
export const formatTable = (lines: readonly Line[]): string => {
  const rows = lines.map((line) => [
    line.figure + (line.note === undefined ? "" : ` (${line.note})`),
    line.goal,
    line.ours,
    line.beside,
    percent(line.loadCore),
    verdict(line),
  ]);
  const all = [["figure", "goal", "Colloquy", "beside it, in the same run", "load core", "goal is"], ...rows];
  const [head = "", ...rest] = all.map((cells) => `| ${cells.join(" | ")} |`);
  return [head, "|---|---|---|---|---|---|", ...rest].join("\n");
};
