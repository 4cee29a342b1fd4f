import { mendInline } from "./mend-inline.ts";

const isRow = (line: string): boolean => /^\s{0,3}\|/.test(line);
const isDelimiter = (line: string): boolean => /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(line);
const mayBecomeDelimiter = (line: string): boolean => /^[\s|:-]*$/.test(line);

/** The cells of a row; a last cell that no `|` ends counts as well. */
const cellsOf = (row: string): readonly string[] => {
  const inner = row
    .trim()
    .replace(/^\|/, "")
    .replace(/(?<!\\)\|$/, "");
  return inner.split(/(?<!\\)\|/);
};

/** The row with what is open in its last cell completed. */
const mendRow = (row: string): string => {
  const cells = cellsOf(row);
  const last = cells.at(-1) ?? "";
  const ended = /(?<!\\)\|\s*$/.test(row) && row.trim() !== "|";
  return `|${[...cells.slice(0, -1), ended ? last : mendInline(last)].join("|")}|`;
};

/**
 * The end of a text that is still being written, when it is a table: a header without its delimiter line is given one,
 * so that the table is there from the first cell on. `undefined` when the lines do not end in a table.
 */
export const mendTable = (lines: readonly string[]): readonly string[] | undefined => {
  let end = lines.length;
  const fresh = lines.at(-1) === "";
  if (fresh) end -= 1;
  let start = end;
  while (start > 0 && isRow(lines[start - 1] ?? "")) start -= 1;
  const rows = lines.slice(start, end);
  const [header, delimiter] = rows;
  if (header === undefined) return undefined;
  const before = lines.slice(0, start);
  if (header.trim() === "|") return before;
  const columns = cellsOf(header).length;
  const made = `|${" --- |".repeat(columns)}`;
  if (delimiter === undefined) return [...before, fresh ? header : mendRow(header), made];
  const growing = rows.length === 2 && !fresh;
  if (growing && mayBecomeDelimiter(delimiter)) return [...before, header, made];
  if (!isDelimiter(delimiter)) return undefined;
  const last = rows.at(-1) ?? "";
  if (fresh || rows.length === 2) return lines;
  return [...lines.slice(0, end - 1), ...(last.trim() === "|" ? [] : [mendRow(last)])];
};
