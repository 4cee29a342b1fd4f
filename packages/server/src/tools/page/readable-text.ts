import { setImmediate } from "node:timers/promises";
import { htmlTokens } from "./html-tokens.ts";

/** A page as a person would read it aloud: headings as `#`, lists as `-`, links as `[text](address)`. */
export interface ReadableText {
  readonly title: string;
  readonly text: string;
  /** There was more than `maxChars`. */
  readonly cut: boolean;
}

/** More than any model is given. */
const maxChars = 128 * 1024;
/** Others get a turn of the loop after so many tokens; a page may hold a million. */
const tokensAtOnce = 1_000;

/** What is not read: what is for machines, and what is on every page of a site. */
const dropped = new Set(
  "nav script style template svg math noscript iframe object canvas select button textarea dialog audio video".split(
    " ",
  ),
);
const paragraphs = new Set(
  `p div section article header footer main aside ul ol dl table blockquote pre figure address details form fieldset hr
  h1 h2 h3 h4 h5 h6 body`.split(/\s+/),
);
const lines = new Set("br tr dt dd figcaption summary option legend caption".split(" "));

/** Puts text together with one space, one line or one paragraph between, as asked for. */
const createWriter = () => {
  const pieces: string[] = [];
  let gap = "";
  let length = 0;
  const widen = (to: string): void => {
    if (pieces.length > 0 && to.length >= gap.length) gap = to;
  };
  return {
    write(text: string): void {
      if (text === "") return;
      pieces.push(gap, text);
      length += gap.length + text.length;
      gap = "";
    },
    space: (): void => void (gap === "" && widen(" ")),
    line: (): void => widen("\n"),
    paragraph: (): void => widen("\n\n"),
    text: (): string => pieces.join(""),
    get full(): boolean {
      return length > maxChars;
    },
  };
};

interface Link {
  readonly href: string | undefined;
  words: string[];
}

/** @param base what addresses of links are relative to */
export const readableText = async (html: string, base: URL): Promise<ReadableText> => {
  const out = createWriter();
  let title = "";
  let inTitle = false;
  let pre = 0;
  let link: Link | undefined;
  /** The element that is not read just now, and how often it is open. */
  let skipped = { name: "", depth: 0 };

  const put = (text: string): void => {
    if (pre > 0 && !link) {
      out.write(text);
      return;
    }
    const words = text.split(/\s+/);
    if (words[0] === "") out.space();
    const joined = words.filter(Boolean).join(" ");
    if (link) link.words.push(text);
    else out.write(joined);
    if (joined !== "" && words.at(-1) === "") out.space();
  };
  const endLink = (): void => {
    const ended = link;
    link = undefined;
    if (!ended) return;
    const words = ended.words.join("").split(/\s+/).filter(Boolean).join(" ");
    const url = ended.href === undefined ? null : URL.parse(ended.href, base.href);
    const leads = url !== null && /^https?:$/.test(url.protocol) && !ended.href?.startsWith("#");
    out.write(words !== "" && leads ? `[${words}](${url.href})` : words);
    if (/\s$/.test(ended.words.at(-1) ?? "")) out.space();
  };
  const breakFor = (name: string): void => {
    if (paragraphs.has(name)) out.paragraph();
    else if (lines.has(name) || name === "li") out.line();
    else if (name === "td" || name === "th") put(" | ");
  };

  let read = 0;
  for (const token of htmlTokens(html)) {
    read += 1;
    if (out.full) break;
    if (read % tokensAtOnce === 0) await setImmediate();
    if (token.kind === "text") {
      if (inTitle) title = title || token.text.split(/\s+/).filter(Boolean).join(" ");
      else if (skipped.depth === 0) put(token.text);
      continue;
    }
    const { kind, name } = token;
    if (skipped.depth > 0) {
      if (name === skipped.name) skipped.depth += kind === "open" ? 1 : -1;
      continue;
    }
    if (name === "title") {
      inTitle = kind === "open";
    } else if (dropped.has(name)) {
      if (kind === "open") skipped = { name, depth: 1 };
    } else if (name === "a") {
      endLink();
      if (kind === "open") link = { href: token.attribute("href"), words: [] };
    } else if (link && (paragraphs.has(name) || lines.has(name))) {
      link.words.push(" ");
    } else {
      if (kind === "open" || paragraphs.has(name)) breakFor(name);
      if (name === "pre") pre = kind === "open" ? pre + 1 : Math.max(0, pre - 1);
      if (kind !== "open") continue;
      if (name === "li") out.write("- ");
      if (/^h[1-6]$/.test(name)) out.write(`${"#".repeat(Number(name[1]))} `);
      const alt = name === "img" ? token.attribute("alt")?.trim() : undefined;
      if (alt) put(`[image: ${alt}]`);
    }
  }
  endLink();
  return { title, text: out.text().trim(), cut: out.full };
};
