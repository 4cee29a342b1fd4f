import { collectDefinitions, type Definition } from "./definitions.ts";
import {
  closesFence,
  indentOf,
  isBlank,
  itemOffset,
  lineAt,
  mayBecomeItem,
  openingFence,
} from "./line-shape.ts";

/** A piece of Markdown that renders the same alone as within its text. All blocks, joined, are the text. */
export interface Block {
  /** Where it begins in the text: stays the same while the text grows, and so names the block. */
  readonly start: number;
  readonly source: string;
  /** A fenced code block at the top level, ready to show; anything else is Markdown. */
  readonly code?: { readonly language: string; readonly text: string };
  /** Link definitions within, which hold for the whole text. */
  readonly definitions: readonly Definition[];
}

/** Where the code block that begins with a fence at `start` ends, once that is certain. */
const endOfCode = (text: string, start: number): number | undefined => {
  const first = lineAt(text, start);
  const fence = openingFence(first.text);
  if (!fence) return undefined;
  for (let at = first.next; at < text.length;) {
    const line = lineAt(text, at);
    if (line.ended && closesFence(line.text, fence)) return line.next;
    at = line.next;
  }
  return undefined;
};

/**
 * Where the Markdown block that begins at `start` ends, once that is certain whatever follows: before a fence at the
 * top level, or after an empty line, before a line that is not indented and does not go on with a list.
 */
const endOfMarkdown = (text: string, start: number): number | undefined => {
  let hasWords = false;
  let afterBlank = false;
  let inList = false;
  let item = 0;
  for (let at = start; at < text.length;) {
    const line = lineAt(text, at);
    at = line.next;
    if (isBlank(line.text)) {
      afterBlank = hasWords;
      continue;
    }
    const indent = indentOf(line.text);
    const marker = itemOffset(line.text);
    const continuesItem = item > 0 && indent >= item;
    if (afterBlank && indent === 0) {
      const waits = inList && !line.ended && mayBecomeItem(line.text);
      if (waits) return undefined;
      if (!inList || marker === undefined) return line.start;
    }
    if (!continuesItem) {
      if (line.start > start && line.ended && openingFence(line.text)) return line.start;
      if (marker !== undefined) {
        inList = true;
        item = marker;
      } else if (afterBlank) {
        item = 0;
      }
    }
    hasWords = true;
    afterBlank = false;
  }
  return undefined;
};

const isCode = (text: string, start: number): boolean => {
  const first = lineAt(text, start);
  return first.ended && openingFence(first.text) !== undefined;
};

/** The code within a fenced block, without its fences and without the fence's indentation. */
const codeOf = (source: string): Block["code"] => {
  const first = lineAt(source, 0);
  const fence = openingFence(first.text);
  if (!fence) return undefined;
  const lines: string[] = [];
  for (let at = first.next; at < source.length;) {
    const line = lineAt(source, at);
    at = line.next;
    if (closesFence(line.text, fence)) break;
    const growsIntoClose =
      !line.ended && /^ {0,3}(`{1,}|~{1,})$/.test(line.text) && line.text.includes(fence.mark);
    if (!growsIntoClose) lines.push(line.text.replace(new RegExp(`^ {0,${fence.indent}}`), ""));
  }
  return { language: fence.language, text: lines.join("\n") };
};

const blockOf = (source: string, start: number): Block => {
  const code = isCode(source, 0) ? codeOf(source) : undefined;
  if (code) return { start, source, code, definitions: [] };
  return { start, source, definitions: collectDefinitions(source) };
};

/**
 * Splits a text into blocks. However the text grows, all blocks but the last stay as they are.
 *
 * `before` are the blocks of an earlier, shorter state of the same text; only what follows the last complete one of
 * them is looked at, so that a growing text costs what its last block costs.
 */
export const splitBlocks = (text: string, before: readonly Block[] = []): readonly Block[] => {
  const blocks = before.slice(0, -1);
  const last = before.at(-1);
  let start = last?.start ?? 0;
  while (start < text.length) {
    const end = isCode(text, start) ? endOfCode(text, start) : endOfMarkdown(text, start);
    const source = end === undefined ? text.slice(start) : text.slice(start, end);
    const known = last?.start === start && last.source === source ? last : undefined;
    blocks.push(known ?? blockOf(source, start));
    start += source.length;
  }
  return blocks;
};

/** A splitter that remembers what it split last, for one text that grows. */
export const createBlockSplitter = (): ((text: string) => readonly Block[]) => {
  let seen = "";
  let blocks: readonly Block[] = [];
  return (text) => {
    if (text !== seen) blocks = splitBlocks(text, text.startsWith(seen) ? blocks : []);
    seen = text;
    return blocks;
  };
};
