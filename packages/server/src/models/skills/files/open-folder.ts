import { constants, type Dirent } from "node:fs";
import { lstat, open, opendir, realpath, type FileHandle } from "node:fs/promises";
import path from "node:path";

/** Why something in a folder is not handed out. */
export type Refusal =
  /** Its name leads out of the folder, or is hidden. */
  | "outside"
  | "missing"
  /** A link, a device, a pipe, or something else that is neither file nor folder. */
  | "special"
  | "not-a-folder"
  | "not-a-file";

export class FolderRefusal extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal);
    this.name = "FolderRefusal";
    this.refusal = refusal;
  }
}

/** A thing in a folder. */
export interface Found {
  /** From the folder, with `/` between. */
  readonly name: string;
  readonly kind: "file" | "folder";
  /** Bytes; of a file. */
  readonly size: number;
}

/**
 * A folder that can only be read, and that nothing leads out of: no absolute names, no `..`, no links wherever they point, no
 * hidden files, nothing but plain files and folders.
 */
export interface OpenFolder {
  /** Files and folders in it, by name. @throws FolderRefusal */
  list(name: string, most: number): Promise<{ readonly found: readonly Found[]; readonly more: boolean }>;
  /** Everything under it whose name fits, nearest first. Looks at `mostLooks` names at most. */
  search(
    fits: (name: string) => boolean,
    limits: { readonly most: number; readonly mostLooks: number },
    signal: AbortSignal,
  ): Promise<{ readonly found: readonly Found[]; readonly more: boolean }>;
  /** The beginning of a file, and its size. @throws FolderRefusal */
  read(name: string, mostBytes: number): Promise<{ readonly bytes: Buffer; readonly size: number }>;
  /** @throws FolderRefusal */
  look(name: string): Promise<Found>;
}

const maxDepth = 16;

/** The parts of a name that stays inside; `.` and nothing mean the folder itself. */
const partsOf = (name: string): readonly string[] => {
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  const leadsOut = path.isAbsolute(name) || path.win32.isAbsolute(name) || /[\\\0:]/.test(name);
  if (leadsOut || parts.length > maxDepth || parts.some((part) => part.startsWith(".")))
    throw new FolderRefusal("outside");
  return parts;
};

const missing = (): never => {
  throw new FolderRefusal("missing");
};

const kindOf = (stats: { isFile(): boolean; isDirectory(): boolean }): Found["kind"] | undefined =>
  stats.isFile() ? "file" : stats.isDirectory() ? "folder" : undefined;

export const createOpenFolder = (root: string): OpenFolder => {
  /** Goes down part by part, so that no link is followed on the way. */
  const reach = async (parts: readonly string[]): Promise<{ full: string; found: Found }> => {
    let full = await realpath(root).catch(missing);
    let stats = await lstat(full).catch(missing);
    for (const [index, part] of parts.entries()) {
      if (!stats.isDirectory()) throw new FolderRefusal(index === 0 ? "missing" : "not-a-folder");
      full = path.join(full, part);
      stats = await lstat(full).catch(missing);
      if (kindOf(stats) === undefined) throw new FolderRefusal("special");
    }
    return { full, found: { name: parts.join("/"), kind: kindOf(stats) ?? "folder", size: stats.size } };
  };

  /** What was opened is what was looked at, also when somebody changes the folder meanwhile. */
  const isStill = async (file: FileHandle, full: string): Promise<boolean> => {
    const [opened, there, real] = await Promise.all([file.stat(), lstat(full), realpath(full)]);
    return opened.isFile() && opened.ino === there.ino && opened.dev === there.dev && real === full;
  };

  const entriesOf = async function* (full: string): AsyncGenerator<Dirent> {
    for await (const entry of await opendir(full)) {
      if (!entry.name.startsWith(".") && kindOf(entry) !== undefined) yield entry;
    }
  };

  const describe = async (full: string, name: string): Promise<Found | undefined> => {
    const stats = await lstat(full).catch(() => undefined);
    const kind = stats && kindOf(stats);
    return kind && { name, kind, size: stats.size };
  };

  const byName = (a: Found, b: Found): number => (a.name < b.name ? -1 : 1);

  return {
    async list(name, most) {
      const { full, found: folder } = await reach(partsOf(name));
      if (folder.kind !== "folder") throw new FolderRefusal("not-a-folder");
      const found: Found[] = [];
      for await (const entry of entriesOf(full)) {
        if (found.length >= most) return { found: found.toSorted(byName), more: true };
        const one = await describe(path.join(full, entry.name), entry.name);
        if (one) found.push(one);
      }
      return { found: found.toSorted(byName), more: false };
    },

    async search(fits, { most, mostLooks }, signal) {
      const { full: top } = await reach([]);
      const found: Found[] = [];
      const folders: (readonly string[])[] = [[]];
      let looks = 0;
      for (let next = folders.shift(); next !== undefined; next = folders.shift()) {
        const at = path.join(top, ...next);
        for await (const entry of entriesOf(at)) {
          looks += 1;
          if (looks > mostLooks || found.length >= most || signal.aborted)
            return { found: found.toSorted(byName), more: true };
          const parts = [...next, entry.name];
          if (entry.isDirectory() && parts.length < maxDepth) folders.push(parts);
          const one = fits(entry.name)
            ? await describe(path.join(top, ...parts), parts.join("/"))
            : undefined;
          if (one) found.push(one);
        }
      }
      return { found: found.toSorted(byName), more: false };
    },

    async read(name, mostBytes) {
      const { full, found } = await reach(partsOf(name));
      if (found.kind !== "file") throw new FolderRefusal("not-a-file");
      // A pipe that has taken the file's place must not hold us up.
      const file = await open(full, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
        missing,
      );
      try {
        if (!(await isStill(file, full).catch(() => false))) throw new FolderRefusal("special");
        const bytes = Buffer.alloc(Math.min(mostBytes, found.size));
        const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
        return { bytes: bytes.subarray(0, bytesRead), size: found.size };
      } finally {
        await file.close();
      }
    },

    look: async (name) => (await reach(partsOf(name))).found,
  };
};
