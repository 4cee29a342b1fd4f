import { access, constants, mkdtemp, open, rm, stat, statfs } from "node:fs/promises";
import path from "node:path";
import { isFolderInUse } from "../../stores/sqlite-database.ts";
import { bad, good, mind, type Finding } from "./finding.ts";

const about = "data folder";
/** Below this the store may fill the disk within days. */
const littleBytes = 512 * 1024 * 1024;

/** The folder itself, or the nearest above it that exists: where it would be made. */
const nearest = async (folder: string): Promise<string> => {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    const found = await stat(at).catch(() => undefined);
    if (found?.isDirectory()) return at;
    if (found) throw new Error(`${at} is not a folder`);
    if (at === path.dirname(at)) throw new Error(`${folder} cannot be made`);
  }
};

/** Writes a file, makes sure that it reaches the disk, and takes it away again. */
const tryToWrite = async (folder: string): Promise<void> => {
  await access(folder, constants.W_OK | constants.X_OK);
  const trial = await mkdtemp(path.join(folder, ".colloquy-doctor-"));
  try {
    const file = await open(path.join(trial, "trial"), "w");
    try {
      await file.writeFile("A store must be able to do this.");
      await file.sync();
    } finally {
      await file.close();
    }
  } finally {
    await rm(trial, { recursive: true, force: true });
  }
};

/**
 * Whether the store's folder can be made, written to, has room, and is nobody else's. Leaves nothing behind.
 *
 * @param isRunning a server answers already where this one would: then the folder is most likely its own
 */
export const lookAtFolder = async (folder: string, isRunning = false): Promise<Finding> => {
  try {
    if (isFolderInUse(folder)) {
      return isRunning
        ? good(about, `${folder} is in use by a server: it is running already.`)
        : bad(
            about,
            `${folder} is in use by another Colloquy server.`,
            "Stop that one, or set DATA_DIR to another folder.",
          );
    }
    const where = await nearest(folder);
    await tryToWrite(where);
    const { bavail, bsize } = await statfs(where);
    const free = bavail * bsize;
    const room = `${(free / 1e9).toFixed(1)} GB free`;
    if (free < littleBytes) {
      return mind(
        about,
        `${folder} has little room: ${room}.`,
        "Free some space, or set DATA_DIR to a folder on another disk.",
      );
    }
    return good(about, `${folder} can be written; ${room}.`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return bad(
      about,
      `${folder} cannot be used: ${why}.`,
      "Set DATA_DIR to a folder that this user may write to.",
    );
  }
};
