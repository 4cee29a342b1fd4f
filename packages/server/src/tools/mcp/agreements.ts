import { createHash } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { makeFolder } from "../../kernel/make-folder.ts";

/** What the operator has agreed to, by server: for each of its tools a fingerprint of what the model is told about it. */
export interface Agreements {
  /**
   * Names of those among the tools that were agreed to as they are now. Tools that were never seen are agreed to and kept when
   * `trustFirst`.
   *
   * @param seen fingerprints by name
   * @throws Error with a sentence for the operator when the file cannot be read or written; nothing is agreed then
   */
  agreed(
    server: string,
    seen: ReadonlyMap<string, string>,
    trustFirst: boolean,
  ): Promise<ReadonlySet<string>>;
  /** What was agreed to. */
  known(server: string): Promise<ReadonlyMap<string, string>>;
  /** Agrees to just these, as they are now, and forgets what was agreed before. */
  agree(server: string, seen: ReadonlyMap<string, string>): Promise<void>;
}

type Servers = Map<string, Map<string, string>>;

/** Tools that are remembered of a server; who shows new ones for ever is not remembered for ever. */
const maxRemembered = 1_024;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).flatMap(([key, part]) =>
    part === undefined ? [] : [[key, sorted(part)] as const],
  );
  return entries.sort(([a], [b]) => (a < b ? -1 : 1));
};

/** The same for the same content, in whatever order its keys come. */
export const fingerprintOf = (content: unknown): string =>
  createHash("sha256")
    .update(JSON.stringify(sorted(content)))
    .digest("base64url");

const parse = (text: string): Servers => {
  const file: unknown = JSON.parse(text);
  const servers = isRecord(file) ? file["servers"] : undefined;
  if (!isRecord(servers)) throw new Error("it does not hold what it should");
  // Maps, since a tool may be called like something that every object has.
  return new Map(
    Object.entries(servers).map(([server, tools]) => [
      server,
      new Map(Object.entries(isRecord(tools) ? tools : {}).map(([name, print]) => [name, String(print)])),
    ]),
  );
};

const format = (servers: Servers): string => {
  const plain = Object.fromEntries(
    [...servers].map(([server, tools]) => [server, Object.fromEntries(tools)]),
  );
  return `${JSON.stringify({ servers: plain }, undefined, 2)}\n`;
};

/** @param file in the data folder; read anew each time, since a command may have written it */
export const createAgreements = (file: string): Agreements => {
  let last: Promise<unknown> = Promise.resolve();
  /** One after the other: each reads, changes and writes the whole file. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  };
  const read = async (): Promise<Servers> => {
    let text: string;
    try {
      text = await readFile(file, "utf8");
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return new Map();
      throw new Error(`${file} cannot be read, so no tool of an MCP server counts as agreed`, {
        cause: error,
      });
    }
    try {
      return parse(text);
    } catch (error) {
      throw new Error(
        `${file} is damaged, so no tool of an MCP server counts as agreed; put it right, or remove it to begin anew`,
        { cause: error },
      );
    }
  };
  const write = async (servers: Servers): Promise<void> => {
    const next = `${file}.${process.pid}.tmp`;
    try {
      makeFolder(path.dirname(file));
      await writeFile(next, format(servers), { mode: 0o600 });
      await rename(next, file);
    } catch (error) {
      throw new Error(`${file} cannot be written, so no new tool of an MCP server can be agreed to`, {
        cause: error,
      });
    }
  };

  return {
    agreed: (server, seen, trustFirst) =>
      inTurn(async () => {
        const servers = await read();
        const known = new Map(servers.get(server));
        const before = known.size;
        for (const [name, print] of seen)
          if (trustFirst && !known.has(name) && known.size < maxRemembered) known.set(name, print);
        if (known.size > before) await write(servers.set(server, known));
        return new Set([...seen].flatMap(([name, print]) => (known.get(name) === print ? [name] : [])));
      }),
    known: (server) => inTurn(async () => (await read()).get(server) ?? new Map()),
    agree: (server, seen) => inTurn(async () => write((await read()).set(server, new Map(seen)))),
  };
};
