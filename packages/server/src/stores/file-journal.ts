import { rename, rm } from "node:fs/promises";
import path from "node:path";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import type { Logger } from "../kernel/logger.ts";
import { makeFolder } from "../kernel/make-folder.ts";
import { folderFault } from "./folder-fault.ts";
import { forgottenLine, recordLine, takeLine, wholeLine } from "./journal-line.ts";
import { type LineFile, type OpenFile, openLineFile } from "./line-file.ts";
import type { LiveJournal } from "./live-journal.ts";
import { createLiveTexts, journalled } from "./live-texts.ts";

export interface FileJournalOptions {
  /** Where the journal lives, as `live.journal`. */
  readonly folder: string;
  readonly logger: Logger;
  /** Beyond this many bytes (and four times what was live then) the file is rewritten to what is live. */
  readonly limitBytes?: number;
  /** For tests of failing disks. */
  readonly open?: OpenFile;
}

/**
 * The live journal as one file that is appended to, a write a tick, never synced. What is live is also held in memory,
 * so that a file that has grown too long can be rewritten without reading it.
 */
export const createFileJournal = (options: FileJournalOptions): LiveJournal => {
  const { folder, logger, limitBytes = 16 * 1024 * 1024, open } = options;
  const name = path.join(folder, "live.journal");
  const texts = createLiveTexts();
  let file: LineFile | undefined;
  /** Over this size the file is rewritten. */
  let bound = limitBytes;
  /** Lines that go with the next write. */
  let forgotten = "";
  let last: Promise<unknown> = Promise.resolve();

  const inOrder = <T>(job: () => Promise<T>): Promise<T> => {
    const done = last.then(job);
    last = done.catch(() => {});
    return done;
  };

  const unavailable = (cause: unknown): ColloquyError =>
    new ColloquyError("store_unavailable", { message: folderFault(cause, folder), cause });

  const leave = async (old: LineFile | undefined): Promise<void> => {
    await old?.close().catch(() => {});
  };

  /** Writes what is live to a new file, piece by piece, and puts it in the place of the old one. */
  const rewrite = async (): Promise<void> => {
    const next = await openLineFile(`${name}.new`, true, open);
    try {
      let lines = "";
      for (const text of texts.all()) {
        lines += wholeLine(text);
        if (lines.length < 256 * 1024) continue;
        await next.append(lines);
        lines = "";
      }
      await next.append(lines);
      await rename(`${name}.new`, name);
    } catch (error) {
      await leave(next);
      await rm(`${name}.new`, { force: true }).catch(() => {});
      throw error;
    }
    await leave(file);
    file = next;
    bound = Math.max(limitBytes, 4 * next.size());
  };

  /** `lines` are already part of what is live, so that a rewritten file has them. */
  const put = async (lines: string): Promise<void> => {
    if (!file) throw new ColloquyError("store_unavailable");
    const size = file.size() + lines.length;
    if (size > bound) {
      try {
        await rewrite();
        return;
      } catch (error) {
        bound = size + limitBytes / 4;
        logger.warn({ folder, err: error }, "The live journal could not be rewritten; it grows on for now.");
      }
    }
    await file.append(lines);
  };

  const read = async (from: LineFile): Promise<void> => {
    let unreadable = 0;
    for await (const line of from.lines()) if (!takeLine(line, texts)) unreadable += 1;
    if (unreadable > 0)
      logger.warn({ folder, lines: unreadable }, "Some of the live journal could not be read.");
  };

  return {
    start: () =>
      inOrder(async () => {
        try {
          makeFolder(folder, 0o700);
          file = await openLineFile(name, false, open);
          await read(file);
        } catch (error) {
          await leave(file);
          file = undefined;
          throw unavailable(error);
        }
        // A new file is the shorter one. Where there is no room for it, the old one will do.
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
        // Left unsaid, an end is only a text that the next start gives back although its turn is over.
        if (forgotten !== "") await file?.append(forgotten).catch(() => {});
        forgotten = "";
        await leave(file);
        file = undefined;
      }),
  };
};
