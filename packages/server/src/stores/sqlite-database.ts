import { closeSync, existsSync, openSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { makeFolder } from "../kernel/make-folder.ts";
import { fieldOf, refusal } from "./folder-fault.ts";
import { checkSchema, migrate } from "./sqlite-schema.ts";

export interface SqliteOptions {
  readonly folder: string;
  /** The file grows to this many bytes at most; without it, as far as the disk lets it. */
  readonly maxBytes?: number;
}

/** The open store file, and the lock that keeps every other server away from its folder. */
export interface SqliteDatabase {
  readonly db: DatabaseSync;
  close(): void;
}

/**
 * Opens, and where needed creates, the store file of a data folder, locks the folder and brings the schema forward.
 * Throws what `folderFault` makes a sentence of.
 *
 * @param reached called once the folder has answered; what comes then may take long in a large store
 */
export const openSqliteDatabase = (
  { folder, maxBytes }: SqliteOptions,
  reached?: () => void,
): SqliteDatabase => {
  makeFolder(folder, 0o700);
  const lock = lockFolder(path.join(folder, lockName));
  reached?.();
  try {
    const file = path.join(folder, "colloquy.db");
    touch(file);
    const db = new DatabaseSync(file, { timeout: 5000 });
    try {
      checkSchema(db);
      if (maxBytes !== undefined)
        db.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(maxBytes / 4096))}`);
      // Full sync: an acknowledged append survives the loss of power. The log of a burst is cut back to 64 MiB.
      db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = ${64 * 1024 * 1024};
               PRAGMA cache_size = -16000`);
      migrate(db);
    } catch (error) {
      db.close();
      throw error;
    }
    return {
      db,
      close() {
        db.close();
        lock.close();
      },
    };
  } catch (error) {
    lock.close();
    throw error;
  }
};

const lockName = "colloquy.lock";

/** Whether a server has the folder now. Creates nothing, and takes no lock that outlives the call. */
export const isFolderInUse = (folder: string): boolean => {
  const file = path.join(folder, lockName);
  if (!existsSync(file)) return false;
  const lock = new DatabaseSync(file, { readOnly: true });
  try {
    lock.exec("SELECT count(*) FROM sqlite_schema");
    return false;
  } catch (error) {
    if (fieldOf(error, "errcode") === 5) return true;
    throw error;
  } finally {
    lock.close();
  }
};

/**
 * A file of its own is locked, not the store file, so that an operator may look into a running store and back it up. The lock
 * is the system's, held by the open file: it goes with the process, however that ends.
 */
const lockFolder = (file: string): DatabaseSync => {
  touch(file);
  const lock = new DatabaseSync(file);
  try {
    lock.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    lock.close();
    if (fieldOf(error, "errcode") !== 5) throw error;
    throw refusal(
      "is in use by another Colloquy server. Stop that one, or choose another data folder",
      error,
    );
  }
};

/**
 * Creates a file that only its owner may read. One that exists is not even opened: to close a file anywhere in a process
 * gives up the process's locks on it.
 */
const touch = (file: string): void => {
  try {
    closeSync(openSync(file, "wx", 0o600));
  } catch (error) {
    if (fieldOf(error, "code") !== "EEXIST") throw error;
  }
};
