/** The part of a Markdown tree that is looked at here. */
interface Node {
  readonly type: string;
  value?: string;
  children?: Node[];
}

/** What a Markdown plugin is called on. */
interface Pipeline {
  data(): object;
}

/** Where the pipeline keeps what its parser is extended by. */
interface ParserData {
  micromarkExtensions?: unknown[];
}

const lineBreak = /<br ?\/?>/i;

const withBreaks = (text: Node): Node[] => {
  const pieces = (text.value ?? "").split(lineBreak);
  if (pieces.length === 1) return [text];
  return pieces.flatMap((value, i) => [
    ...(i === 0 ? [] : [{ type: "break" }]),
    ...(value === "" ? [] : [{ type: "text", value }]),
  ]);
};

const breakLines = (node: Node): void => {
  if (!node.children) return;
  node.children = node.children.flatMap((child) => (child.type === "text" ? withBreaks(child) : [child]));
  for (const child of node.children) breakLines(child);
};

/**
 * Takes HTML as plain words: it is shown as it was written, Markdown within it still counts, and nothing of it ever
 * reaches the page as an element; but for `<br>`, which models write into table cells and which becomes a line break.
 * Footnotes are plain words too: their texts stand far from their marks, in another block.
 */
export function literalHtml(this: Pipeline): (tree: Node) => void {
  const data: ParserData = this.data();
  const off = [
    "htmlFlow",
    "htmlText",
    "gfmFootnoteDefinition",
    "gfmFootnoteCall",
    "gfmPotentialFootnoteCall",
  ];
  data.micromarkExtensions = [...(data.micromarkExtensions ?? []), { disable: { null: off } }];
  return breakLines;
}
