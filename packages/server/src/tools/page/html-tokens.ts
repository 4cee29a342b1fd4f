import { decodeEntities } from "./entities.ts";

/** What a page is made of, as far as a reader is concerned. */
export type HtmlToken =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "open"; readonly name: string; attribute(name: string): string | undefined }
  | { readonly kind: "close"; readonly name: string };

/** Elements whose content is no markup; of these only the title's is read. */
const raw = new Set(["script", "style", "title", "textarea", "xmp", "noembed", "noframes"]);

const tagStart = /[A-Za-z]/;
const nameEnd = /[\s/>]/g;
const tagEnd = /["'>]/g;

const indexFrom = (pattern: RegExp, html: string, from: number): number => {
  pattern.lastIndex = from;
  return pattern.exec(html)?.index ?? -1;
};

/** Place of the `>` that ends a tag, past any in quotes; -1 when it has no end. */
const endOfTag = (html: string, from: number): number => {
  let at = from;
  for (;;) {
    at = indexFrom(tagEnd, html, at);
    if (at === -1 || html[at] === ">") return at;
    // A quote counts only behind a "=": elsewhere it is a slip of the pen.
    const close = /=\s*$/.test(html.slice(Math.max(from, at - 8), at))
      ? html.indexOf(html[at] ?? "", at + 1)
      : at;
    if (close === -1) return html.indexOf(">", at);
    at = close + 1;
  }
};

const attributeOf = (tag: string, name: string): string | undefined => {
  const [, double, single, bare] =
    new RegExp(String.raw`(?:^|\s)${name}\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))`, "i").exec(
      tag.slice(0, 4_096),
    ) ?? [];
  const value = double ?? single ?? bare;
  return value === undefined ? undefined : decodeEntities(value);
};

/** Where the content of an element that holds no markup ends; -1 when it never does. */
const endOfRaw = (html: string, name: string, from: number): number =>
  indexFrom(new RegExp(`</${name}(?=[\\s/>])`, "gi"), html, from);

/** Reads a page from its beginning to its end, once, whatever is wrong with it. What never ends is left out. */
export function* htmlTokens(html: string): Generator<HtmlToken, void, undefined> {
  let at = 0;
  while (at < html.length) {
    const tag = html.indexOf("<", at);
    if (tag === -1 || tag > at)
      yield { kind: "text", text: decodeEntities(html.slice(at, tag === -1 ? html.length : tag)) };
    if (tag === -1) return;
    const next = html[tag + 1] ?? "";
    if (next === "!" || next === "?") {
      const comment = html.startsWith("<!--", tag);
      const end = html.indexOf(comment ? "-->" : ">", tag + 2);
      if (end === -1) return;
      at = end + (comment ? 3 : 1);
      continue;
    }
    const closing = next === "/";
    const nameAt = closing ? tag + 2 : tag + 1;
    if (!tagStart.test(html[nameAt] ?? "")) {
      yield { kind: "text", text: "<" };
      at = tag + 1;
      continue;
    }
    const afterName = indexFrom(nameEnd, html, nameAt);
    const end = afterName === -1 ? -1 : endOfTag(html, afterName);
    if (end === -1) return;
    const name = html.slice(nameAt, Math.min(afterName, nameAt + 40)).toLowerCase();
    at = end + 1;
    if (closing) {
      yield { kind: "close", name };
      continue;
    }
    const inside = html.slice(afterName, end);
    yield { kind: "open", name, attribute: (wanted) => attributeOf(inside, wanted) };
    if (!raw.has(name) || inside.endsWith("/")) continue;
    const rawEnd = endOfRaw(html, name, at);
    if (rawEnd === -1) return;
    if (name === "title") yield { kind: "text", text: decodeEntities(html.slice(at, rawEnd)) };
    at = rawEnd;
  }
}
