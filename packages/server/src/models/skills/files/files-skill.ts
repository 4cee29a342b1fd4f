import type { Skill } from "../skill.ts";
import { createOpenFolder, FolderRefusal, type Found, type OpenFolder, type Refusal } from "./open-folder.ts";
import { readWish, type Wish } from "./read-wish.ts";

export interface FilesSkillOptions {
  /** The folder whose files may be read, and nothing else. */
  readonly folder: string;
}

/** Bytes of a file that are shown, and names that are listed. */
const mostBytes = 8_192;
const mostNames = 100;
const mostLooks = 20_000;

const refusals: Readonly<Record<Refusal, string>> = {
  outside: "is outside of the folder that I may read",
  missing: "is not there",
  special: "is a link or no plain file, so I leave it alone",
  "not-a-folder": "is no folder",
  "not-a-file": "is a folder, no file",
};

const sayBytes = (bytes: number): string =>
  bytes < 1_000
    ? `${bytes} B`
    : bytes < 1e6
      ? `${(bytes / 1e3).toFixed(1)} kB`
      : `${(bytes / 1e6).toFixed(1)} MB`;

const sayFound = ({ name, kind, size }: Found): string =>
  kind === "folder" ? `${name}/` : `${name} (${sayBytes(size)})`;

const names = (found: readonly Found[], more: boolean): string =>
  [...found.map(sayFound), ...(more ? ["… and more"] : [])].join("\n");

/** Names with `*` and `?`; without them any part of a name will do. */
const fitting = (pattern: string): ((name: string) => boolean) => {
  const plain = pattern.toLowerCase();
  if (!/[*?]/.test(plain)) return (name) => name.toLowerCase().includes(plain);
  return (name) => fits(plain, name.toLowerCase());
};

/** Takes as many steps as the two are long together, times; only the last `*` is ever tried again. */
const fits = (pattern: string, name: string): boolean => {
  let p = 0;
  let n = 0;
  let star = -1;
  let resume = 0;
  while (n < name.length) {
    if (pattern[p] === "*") {
      star = p;
      resume = n;
      p += 1;
    } else if (pattern[p] === "?" || pattern[p] === name[n]) {
      p += 1;
      n += 1;
    } else if (star >= 0) {
      resume += 1;
      n = resume;
      p = star + 1;
    } else return false;
  }
  while (pattern[p] === "*") p += 1;
  return p === pattern.length;
};

const head = async (
  folder: OpenFolder,
  { file, lines }: Extract<Wish, { want: "head" }>,
): Promise<string> => {
  const { bytes, size } = await folder.read(file, mostBytes);
  if (size === 0) return `${file} is empty.`;
  let text: string;
  try {
    // A character that is cut at the end is left out, not a fault.
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return `${file} (${sayBytes(size)}) is no text.`;
  }
  if (text.includes("\0")) return `${file} (${sayBytes(size)}) is no text.`;
  const all = text.split("\n");
  const shown = all.slice(0, lines).join("\n");
  const rest = all.length > (lines ?? Infinity) || bytes.length < size;
  return rest ? `${shown.trimEnd()}\n… (the beginning of ${file}, ${sayBytes(size)})` : shown;
};

const carryOut = async (folder: OpenFolder, wish: Wish, signal: AbortSignal): Promise<string> => {
  switch (wish.want) {
    case "list": {
      const { found, more } = await folder.list(wish.folder, mostNames);
      return found.length === 0 ? "There are no files." : names(found, more);
    }
    case "find": {
      const { found, more } = await folder.search(
        fitting(wish.pattern),
        { most: mostNames, mostLooks },
        signal,
      );
      return found.length === 0 ? `No file's name fits ${wish.pattern}.` : names(found, more);
    }
    case "head":
      return head(folder, wish);
  }
};

/** Lists, finds and shows the files of one folder, read-only: `list files`, `find *.md`, `show notes.txt`. */
export const createFilesSkill = (options: FilesSkillOptions): Skill => {
  const folder = createOpenFolder(options.folder);
  return {
    name: "files",
    about: "lists, finds and shows the files of one folder",
    async respond({ text }, signal) {
      const wish = readWish(text);
      if (!wish) return undefined;
      try {
        return await carryOut(folder, wish, signal);
      } catch (error) {
        if (!(error instanceof FolderRefusal)) throw error;
        // "read example.com" may be meant for somebody else; "cat example.com" is not.
        if (wish.want === "head" && !wish.surely && error.refusal === "missing") return undefined;
        const name = wish.want === "list" ? wish.folder : wish.want === "find" ? "The folder" : wish.file;
        return `${name === "." ? "The folder" : name} ${refusals[error.refusal]}.`;
      }
    },
  };
};
