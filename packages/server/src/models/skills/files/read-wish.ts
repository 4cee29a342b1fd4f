import { withoutLead } from "../plain-question.ts";

/** What somebody wants of a folder. */
export type Wish =
  | { readonly want: "list"; readonly folder: string }
  | { readonly want: "find"; readonly pattern: string }
  /** `surely`: it can mean nothing but a file, so that also its absence is worth an answer. */
  | {
      readonly want: "head";
      readonly file: string;
      readonly lines: number | undefined;
      readonly surely: boolean;
    };

const longest = 400;
const usualLines = 40;

const quoted = (name: string): string => name.replace(/^(["'`])(.+)\1$/, "$2").trim();

/** A name as files have them: without spaces, with letters, and a dot or a slash in it. */
const looksLikeFile = (name: string): boolean =>
  /^\S*(?:\/\S*|[^\s./]\.[A-Za-z0-9]{1,8})$/.test(name) && /\p{L}{2}/u.test(name);
const isQuoted = (name: string): boolean => quoted(name) !== name.trim();

const re = (source: string): RegExp => new RegExp(`^(?:${source})$`, "i");

const lists = [
  re(String.raw`(?:ls|dir)(?: -[a-z]+)*(?: (?<folder>\S+|"[^"]+"))?`),
  re(
    String.raw`(?:list|show|show me|give me|display)(?: me)?(?: all)?(?: the| your| my)? files(?: and folders)?(?: (?:here|there|you have))?(?: (?:in|of|under) (?:the )?(?:folder |directory )?(?<folder>\S+|"[^"]+"))?(?: folder| directory)?`,
  ),
  re(
    String.raw`(?:what|which)(?:'s| files)(?: (?:are|do you have|exist|can you (?:see|read)))?(?: there| here)?(?: (?:in|under) (?:the )?(?:folder |directory )?(?<folder>\S+|"[^"]+"))?(?: folder| directory)?`,
  ),
  re(String.raw`(?:list|show)(?: me)? (?:the )?(?:folder|directory)(?: (?<folder>\S+|"[^"]+"))?`),
];

const finds = [
  re(
    String.raw`(?:find|search for|look for|locate)(?: me)?(?: all)?(?: the| a)? files? (?:named |called |like |matching |with the name )?(?<pattern>\S+|"[^"]+")`,
  ),
  re(
    String.raw`(?:find|locate|search for|look for|where is|where's)(?: me)?(?: the)?(?: file)? (?<pattern>\S+|"[^"]+")`,
  ),
  re(
    String.raw`(?:find|list|show)(?: me)?(?: all)?(?: the)? (?<ending>[a-z0-9]{1,8}|\.[a-z0-9]{1,8}|\*\.[a-z0-9]{1,8}) files`,
  ),
];

const heads = [
  re(String.raw`(?<shell>cat|head)(?: -n ?(?<lines>\d{1,4})| -(?<n>\d{1,4}))? (?<file>\S+|"[^"]+")`),
  re(
    String.raw`(?:(?:show|give|read|print)(?: me)? |what are )?(?:the )?(?:first|top) (?<lines>\d{1,4}) lines (?:of|from|in) (?:the )?(?<sure>file )?(?<file>\S+|"[^"]+")`,
  ),
  re(
    String.raw`(?:show|read|open|print|display|view)(?: me)?(?: the)?(?: (?:contents?|beginning|start|head|text) of)?(?: the)?(?<sure> file)? (?<file>\S+|"[^"]+")`,
  ),
  re(
    String.raw`what(?:'s| is| does)(?: (?:written )?in)?(?: the)?(?<sure> file)? (?<file>\S+|"[^"]+")(?: say| contain)?`,
  ),
];

/** One line without what people say around it. Dots at its end are part of a name, unless they end a sentence. */
const asked = (prompt: string): string | undefined => {
  const line = prompt.trim();
  if (line.length > longest || /[\n\r]/.test(line)) return undefined;
  return withoutLead(line.replaceAll(/\s+/g, " "))
    .replace(/[?!]+$/, "")
    .replace(/,? (?:please|thanks)$/i, "")
    .replace(/(?<=[A-Za-z0-9"])\.$/, "");
};

/** The prompt as a wish for files; undefined for what is none. */
export const readWish = (prompt: string): Wish | undefined => {
  const plain = asked(prompt);
  if (plain === undefined) return undefined;
  for (const shape of lists) {
    const found = shape.exec(plain);
    if (!found) continue;
    const folder = quoted(found.groups?.["folder"] ?? ".");
    return /^(?:here|there|this|the)$/i.test(folder)
      ? { want: "list", folder: "." }
      : { want: "list", folder };
  }
  for (const shape of finds) {
    const { pattern, ending } = shape.exec(plain)?.groups ?? {};
    if (
      ending !== undefined &&
      !/^(?:the|all|some|any|my|your|these|md5|sha1|base64|rot13|hex)$/i.test(ending)
    )
      return { want: "find", pattern: `*.${ending.replace(/^\*?\./, "")}` };
    const name = quoted(pattern ?? "");
    const sure = /\bfiles?\b/i.test(plain.slice(0, plain.length - name.length));
    if (name !== "" && (sure || looksLikeFile(name) || (/[*?]/.test(name) && /\p{L}{2}/u.test(name))))
      return { want: "find", pattern: name };
  }
  for (const shape of heads) {
    const groups = shape.exec(plain)?.groups;
    if (!groups) continue;
    const { file = "", lines, n, sure, shell } = groups;
    const named = looksLikeFile(quoted(file)) || isQuoted(file);
    if (sure === undefined && shell === undefined && !named) continue;
    const count = Number(lines ?? n ?? usualLines);
    // "cat food" is no command, unless there is such a file.
    const surely = sure !== undefined || (shell !== undefined && named);
    return {
      want: "head",
      file: quoted(file),
      lines: count === 0 ? usualLines : count,
      surely,
    };
  }
  return undefined;
};
