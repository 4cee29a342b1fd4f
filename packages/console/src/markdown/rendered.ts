import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import Markdown from "react-markdown";
import { markdownPlugins } from "./markdown-plugins.ts";

/** A piece of Markdown as HTML, for tests. */
export const rendered = (source: string): string =>
  renderToStaticMarkup(createElement(Markdown, { remarkPlugins: markdownPlugins }, source));

/** The words that a reader of that HTML sees, those that stand for a picture too, without the spaces between them. */
export const visible = (html: string): string =>
  html
    .replace(/<img[^>]* alt="([^"]*)"[^>]*>/g, "$1")
    .replace(/<[^>]*>/g, "")
    .replace(/\s+/g, "");
