/** A line of a text: where it begins, its words without the line ending, and whether a line ending follows. */
export interface Line {
  readonly start: number;
  readonly text: string;
  /** Where the next line begins; the text's length when this is the last. */
  readonly next: number;
  /** False for the last line of a text that may still grow: what it will be is not known yet. */
  readonly ended: boolean;
}

/** The line that begins at `start`. A lone CR counts as a line ending, as Markdown has it. */
export const lineAt = (text: string, start: number): Line => {
  let end = start;
  while (end < text.length && text[end] !== "\n" && text[end] !== "\r") end += 1;
  const ended = end < text.length;
  const next = text[end] === "\r" && text[end + 1] === "\n" ? end + 2 : end + (ended ? 1 : 0);
  return { start, text: text.slice(start, end), next, ended };
};

export const isBlank = (line: string): boolean => /^[ \t]*$/.test(line);

/** Columns before the first word; a tab counts as enough to be code or a continuation. */
export const indentOf = (line: string): number => {
  const lead = /^[ \t]*/.exec(line)?.[0] ?? "";
  return lead.includes("\t") ? 4 + lead.length : lead.length;
};

/** An opening code fence. */
export interface Fence {
  readonly indent: number;
  readonly mark: "`" | "~";
  readonly length: number;
  /** The first word after the fence, mostly a language. */
  readonly language: string;
}

/** The fence that a line opens when it stands at the top level. */
export const openingFence = (line: string): Fence | undefined => {
  const match = /^( {0,3})(?:(`{3,})([^`]*)|(~{3,})(.*))$/.exec(line);
  if (!match) return undefined;
  const [, indent = "", ticks, tickInfo, tildes = "", tildeInfo] = match;
  const info = (tickInfo ?? tildeInfo ?? "").trim();
  return {
    indent: indent.length,
    mark: ticks === undefined ? "~" : "`",
    length: (ticks ?? tildes).length,
    language: info.split(/\s/)[0] ?? "",
  };
};

/** Whether a line closes the fence. */
export const closesFence = (line: string, fence: Fence): boolean => {
  const [, run = ""] = /^ {0,3}(`+|~+)[ \t]*$/.exec(line) ?? [];
  return run.startsWith(fence.mark) && run.length >= fence.length;
};

const thematicBreak = /^ {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$/;

/** Where the content of a list item begins on its first line, or undefined when the line begins no list item. */
export const itemOffset = (line: string): number | undefined => {
  if (thematicBreak.test(line)) return undefined;
  const match = /^( {0,3}(?:[-*+]|\d{1,9}[.)]))([ \t]+|$)(.?)/.exec(line);
  if (!match) return undefined;
  const [, marker = "", space = "", rest = ""] = match;
  return marker.length + (rest === "" || space.length > 4 ? 1 : space.length);
};

/** Whether a line that may still grow could become the first of a list item; `- - -` is a rule only once it has ended. */
export const mayBecomeItem = (line: string): boolean => /^(?:[-*][-* \t]*|\+|\d{1,9}[.)]?)$/.test(line);
