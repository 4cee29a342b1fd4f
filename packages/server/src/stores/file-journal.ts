import { constants } from "node:fs";
import { mkdir, open as openFile, rename, rm, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import type { Logger } from "../kernel/logger.ts";
import { folderFault } from "./folder-fault.ts";
import { forgottenLine, recordLine, takeLine, wholeLine } from "./journal-line.ts";
import type { LiveJournal } from "./live-journal.ts";
import { createLiveTexts, journalled } from "./live-texts.ts";

export interface FileJournalOptions {
  /** Where the journal lives, as `live.journal`. */
  readonly folder: string;
  readonly logger: Logger;
  /** Beyond this many bytes (and four times what was live then) the file is rewritten to what is live. */
  readonly limitBytes?: number;
  /** How files are opened; for tests of failing disks. */
  readonly open?: typeof openFile;
}

/**
 * The live journal as one file that is appended to, a write a tick, never synced. What is live is also held in memory,
 * so that a file that has grown too long can be rewritten without reading it.
 */
export const createFileJournal = (options: FileJournalOptions): LiveJournal => {
  const { folder, logger, limitBytes = 16 * 1024 * 1024, open = openFile } = options;
  const file = path.join(folder, "live.journal");
  const texts = createLiveTexts();
  let handle: FileHandle | undefined;
  /** Where the next line goes. */
  let size = 0;
  /** Behind `size` lies a piece of a write that failed. */
  let torn = false;
  /** Over this size the file is rewritten. */
  let bound = limitBytes;
  let forgotten = "";
  let last: Promise<unknown> = Promise.resolve();

  const unavailable = (cause: unknown): ColloquyError =>
    new ColloquyError("store_unavailable", { message: folderFault(cause, folder), cause });

  const append = async (to: FileHandle, lines: string): Promise<void> => {
    if (torn) await cut(to);
    const bytes = Buffer.from(lines);
    try {
      await writeAll(to, bytes, size);
      size += bytes.length;
    } catch (error) {
      torn = true;
      await cut(to).catch(() => {});
      throw error;
    }
  };

  /** What a failed write has left would come back from the dead behind a shorter one. */
  const cut = async (of: FileHandle): Promise<void> => {
    await of.truncate(size);
    torn = false;
  };

  /** Writes what is live to a new file, piece by piece, and puts it in the place of the old one. */
  const rewrite = async (): Promise<void> => {
    const next = await open(`${file}.new`, "w", 0o600);
    let at = 0;
    try {
      let lines = "";
      for (const text of texts.all()) {
        lines += wholeLine(text);
        if (lines.length < 256 * 1024) continue;
        at += await writeAll(next, Buffer.from(lines), at);
        lines = "";
      }
      at += await writeAll(next, Buffer.from(lines), at);
      await rename(`${file}.new`, file);
    } catch (error) {
      await next.close().catch(() => {});
      await rm(`${file}.new`, { force: true }).catch(() => {});
      throw error;
    }
    await handle?.close().catch(() => {});
    handle = next;
    size = at;
    torn = false;
    bound = Math.max(limitBytes, 4 * at);
  };

  /** `lines` are already part of what is live, so that a rewritten file has them. */
  const put = async (lines: string): Promise<void> => {
    if (!handle) throw new ColloquyError("store_unavailable");
    if (size + lines.length > bound) {
      try {
        await rewrite();
        return;
      } catch (error) {
        bound = size + lines.length + limitBytes / 4;
        logger.warn({ folder, err: error }, "The live journal could not be rewritten; it grows on for now.");
      }
    }
    await append(handle, lines);
  };

  const inOrder = <T>(job: () => Promise<T>): Promise<T> => {
    const done = last.then(job);
    last = done.catch(() => {});
    return done;
  };

  const read = async (): Promise<void> => {
    const found = await open(file, constants.O_RDWR | constants.O_CREAT, 0o600);
    size = 0;
    let unreadable = 0;
    for await (const { line, end } of linesOf(found)) {
      if (!takeLine(line, texts)) unreadable += 1;
      size = end;
    }
    if (unreadable > 0)
      logger.warn({ folder, lines: unreadable }, "Some of the live journal could not be read.");
    handle = found;
    torn = true;
  };

  return {
    start: () =>
      inOrder(async () => {
        try {
          await mkdir(folder, { recursive: true, mode: 0o700 });
          await read();
        } catch (error) {
          throw unavailable(error);
        }
        // A new file is the short one. Without room for it the old one will do.
        await rewrite().catch(() => {});
        return [...texts.all()].map(journalled);
      }),

    async write(records) {
      const ends = forgotten;
      forgotten = "";
      let lines = ends;
      for (const record of records) {
        const text = texts.apply(record);
        if (text) lines += recordLine(text.head, record);
      }
      if (lines === "") return;
      try {
        await inOrder(() => put(lines));
      } catch (error) {
        forgotten = ends + forgotten;
        throw error instanceof ColloquyError ? error : unavailable(error);
      }
    },

    forget(conversation, turn) {
      if (texts.forget(conversation, turn)) forgotten += forgottenLine(conversation, turn);
    },

    close: () =>
      inOrder(async () => {
        const closing = handle;
        if (!closing) return;
        // Left unsaid, an end is only a text that the next start gives back although its turn is over.
        if (forgotten !== "") await append(closing, forgotten).catch(() => {});
        forgotten = "";
        handle = undefined;
        await closing.close().catch(() => {});
      }),
  };
};

/** A write may take less than it was given, and says why only the next time. */
const writeAll = async (to: FileHandle, bytes: Buffer, position: number): Promise<number> => {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await to.write(bytes, done, bytes.length - done, position + done);
    if (bytesWritten === 0) throw new Error("The disk took nothing.");
    done += bytesWritten;
  }
  return bytes.length;
};

/** The whole lines of a file, with the place where each ends; what follows the last line break is torn. */
async function* linesOf(from: FileHandle): AsyncGenerator<{ line: string; end: number }> {
  const chunk = Buffer.alloc(1024 * 1024);
  let rest = Buffer.alloc(0);
  let position = 0;
  for (;;) {
    const { bytesRead } = await from.read(chunk, 0, chunk.length, position + rest.length);
    if (bytesRead === 0) return;
    const bytes = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    let begin = 0;
    for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, begin)) {
      yield { line: bytes.toString("utf8", begin, end), end: position + end + 1 };
      begin = end + 1;
    }
    position += begin;
    rest = bytes.subarray(begin);
  }
}
