/** An error of our own about a store; the message goes on after "The store in <folder> …". */
export const refusal = (message: string, cause?: unknown): Error =>
  Object.assign(new Error(message, { cause }), { code: "REFUSED" });

/**
 * Why a data folder cannot be used, as a sentence for the operator. Takes what `node:fs` or `node:sqlite` threw, or a
 * {@link refusal}.
 *
 * @example folderFault(error, "/var/lib/colloquy")
 * // "The data folder /var/lib/colloquy cannot be written (EACCES: permission denied, …). Choose …"
 */
export const folderFault = (error: unknown, folder: string): string => {
  const code = fieldOf(error, "code");
  const message = error instanceof Error ? error.message : String(error);
  switch (code) {
    case "REFUSED":
      return `The store in ${folder} ${message}.`;
    case "EACCES":
    case "EPERM":
    case "EROFS":
    case "ENOTDIR":
    case "EEXIST":
    case "ENOENT": // Some read-only file systems answer this to "make that folder".
    case "EISDIR":
      return notWritable(folder, message);
    case "ENOSPC":
    case "EDQUOT":
    case "EFBIG":
      return diskFull(folder, message);
    default:
  }
  // SQLite's extended codes carry the primary one in their lowest byte.
  switch (Number(fieldOf(error, "errcode")) & 0xff) {
    case 3: // SQLITE_PERM
    case 8: // SQLITE_READONLY
    case 14: // SQLITE_CANTOPEN
      return notWritable(folder, message);
    case 5: // SQLITE_BUSY
    case 6: // SQLITE_LOCKED
      return `The store in ${folder} is locked by another program (${message}). Close that program, then try again.`;
    case 10: // SQLITE_IOERR
      return `The disk of ${folder} failed (${message}). Look at the system's log, then try again.`;
    case 11: // SQLITE_CORRUPT
    case 26: // SQLITE_NOTADB
      return `The store in ${folder} is damaged (${message}). Restore it from a backup, or move it away to begin with an empty one.`;
    case 13: // SQLITE_FULL
      return diskFull(folder, message);
    default:
      return `The store in ${folder} cannot be used (${message}).`;
  }
};

/** A field that `node:fs` or `node:sqlite` puts on its errors: `code` (text) or `errcode` (a number). */
export const fieldOf = (error: unknown, name: "code" | "errcode"): unknown =>
  typeof error === "object" && error !== null ? Reflect.get(error, name) : undefined;

const notWritable = (folder: string, why: string): string =>
  `The data folder ${folder} cannot be written (${why}). Choose a folder that this user may write to.`;

const diskFull = (folder: string, why: string): string =>
  `There is no room left in the data folder ${folder} (${why}). Free some space; nothing that was acknowledged is lost.`;
