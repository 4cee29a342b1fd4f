import { type JSX, memo } from "react";
import Markdown from "react-markdown";
import { markdownParts } from "./markdown-parts.tsx";
import { markdownPlugins } from "./markdown-plugins.ts";

/** Addresses are judged by the link itself. */
const asWritten = (url: string): string => url;

/** A block of Markdown; rendered again only when its source changes. */
export const MarkdownBlock = memo(({ source }: { readonly source: string }): JSX.Element => (
  <Markdown remarkPlugins={markdownPlugins} components={markdownParts} urlTransform={asWritten}>
    {source}
  </Markdown>
));
