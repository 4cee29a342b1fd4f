import { mkdirSync, statSync } from "node:fs";
import path from "node:path";

const isFolder = (name: string): boolean => statSync(name, { throwIfNoEntry: false })?.isDirectory() === true;

const makeOne = (folder: string, mode: number): void => {
  try {
    mkdirSync(folder, mode);
  } catch (error) {
    if (!isFolder(folder)) throw error;
  }
};

/**
 * Makes a folder and those above it, unless it is there. Throws what `node:fs` throws. Node's own `recursive` goes round in
 * circles for ever where a file system answers "no such file" although the folder above is there, as /proc does.
 *
 * @param mode of the folders that are made
 */
export const makeFolder = (folder: string, mode = 0o777): void => {
  const above = path.dirname(path.resolve(folder));
  if (above !== path.resolve(folder) && !statSync(above, { throwIfNoEntry: false })) makeFolder(above, mode);
  makeOne(folder, mode);
};
