import { access, constants, stat } from "node:fs/promises";
import path from "node:path";

const isProgram = async (file: string): Promise<boolean> => {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
};

/**
 * Where a command is, by the operator's own PATH: the program itself is started without one. What is not found, or is
 * a path already, is given back as it is.
 */
export const findCommand = async (command: string, searchPath: string): Promise<string> => {
  if (/[\\/]/.test(command)) return command;
  const endings = process.platform === "win32" ? [".exe", ".cmd", ".bat", ""] : [""];
  for (const folder of searchPath.split(path.delimiter).filter(Boolean)) {
    for (const ending of endings) {
      const file = path.resolve(folder, command + ending);
      if (await isProgram(file)) return file;
    }
  }
  return command;
};
