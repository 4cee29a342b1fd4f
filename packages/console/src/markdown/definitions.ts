/** A link definition: `[label]: https://example.org "Title"`. */
export interface Definition {
  readonly label: string;
  readonly line: string;
}

const shape = /^ {0,3}\[((?:[^[\]\\]|\\.){1,200})\]:[ \t]*\S[^\n]*$/gm;

const normal = (label: string): string => label.trim().replace(/\s+/g, " ").toLowerCase();

/** The link definitions that stand in a piece of Markdown. */
export const collectDefinitions = (source: string): readonly Definition[] =>
  source.includes("]:")
    ? [...source.matchAll(shape)].map(([line, label = ""]) => ({ label: normal(label), line: line.trim() }))
    : [];

/**
 * Those of the definitions that a block refers to, as Markdown to put behind it: blocks are rendered one by one, but a
 * definition holds for the whole text. Empty for most blocks, so that they need not be rendered again.
 */
export const definitionsFor = (source: string, definitions: readonly Definition[]): string => {
  if (definitions.length === 0 || !source.includes("[")) return "";
  const used = new Set(
    [...source.matchAll(/\[((?:[^[\]\\]|\\.){1,200})\]/g)].map(([, label = ""]) => normal(label)),
  );
  const lines = definitions.filter(({ label }) => used.has(label)).map(({ line }) => line);
  return lines.length === 0 ? "" : `\n\n${lines.join("\n")}\n`;
};

/** The definitions that hold for a text: those of its last block only once it grows no more. */
export const knownDefinitions = (
  blocks: readonly { readonly definitions: readonly Definition[] }[],
  growing: boolean,
): readonly Definition[] =>
  (growing ? blocks.slice(0, -1) : blocks).flatMap(({ definitions }) => definitions);
