import { constants } from "node:fs";
import { open as openFile } from "node:fs/promises";

/** What is asked of an open file. */
export interface FileAccess {
  read(
    into: Buffer,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesRead: number }>;
  write(
    from: Buffer,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesWritten: number }>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

/** How a file is opened. */
export type OpenFile = (file: string, flags: number, mode: number) => Promise<FileAccess>;

/**
 * A file of lines that is appended to by one writer, one append at a time. Whatever fails, what was appended stays
 * readable: an append that the disk took only in part is cut off again.
 */
export interface LineFile {
  /** Bytes up to the end of the last whole line that was read or appended. */
  size(): number;
  /** The whole lines that are there; what follows the last line break is torn, and goes with the next append. */
  lines(): AsyncIterable<string>;
  /** Text that ends with a line break. */
  append(lines: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens the file, or creates it for its owner's eyes only; with `fresh`, whatever is there is dropped. */
export const openLineFile = async (
  file: string,
  fresh: boolean,
  open: OpenFile = openFile,
): Promise<LineFile> => {
  const flags = constants.O_RDWR | constants.O_CREAT | (fresh ? constants.O_TRUNC : 0);
  const access = await open(file, flags, 0o600);
  let size = 0;
  /** Something may lie behind `size`; behind a shorter append it would come back from the dead. */
  let torn = !fresh;

  const cut = async (): Promise<void> => {
    await access.truncate(size);
    torn = false;
  };

  return {
    size: () => size,

    async *lines() {
      const chunk = Buffer.alloc(1024 * 1024);
      let rest = Buffer.alloc(0);
      for (;;) {
        const { bytesRead } = await access.read(chunk, 0, chunk.length, size + rest.length);
        if (bytesRead === 0) return;
        const bytes = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
        let begin = 0;
        for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, begin)) {
          yield bytes.toString("utf8", begin, end);
          begin = end + 1;
        }
        size += begin;
        rest = bytes.subarray(begin);
      }
    },

    async append(lines) {
      if (torn) await cut();
      const bytes = Buffer.from(lines);
      try {
        // A write may take less than it was given, and says why only the next time.
        for (let done = 0; done < bytes.length;) {
          const { bytesWritten } = await access.write(bytes, done, bytes.length - done, size + done);
          if (bytesWritten === 0) throw new Error("The disk took nothing.");
          done += bytesWritten;
        }
        size += bytes.length;
      } catch (error) {
        torn = true;
        await cut().catch(() => {});
        throw error;
      }
    },

    close: () => access.close(),
  };
};
