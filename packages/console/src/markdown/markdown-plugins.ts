import type { Options } from "react-markdown";
import remarkGfm from "remark-gfm";
import { literalHtml } from "./literal-html.ts";

/** How Markdown is read: GitHub's tables, task lists and strikethrough (two tildes: one means "about"), HTML as words. */
export const markdownPlugins: NonNullable<Options["remarkPlugins"]> = [
  [remarkGfm, { singleTilde: false }],
  literalHtml,
];
