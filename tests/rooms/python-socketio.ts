import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { noPython } from "../sequencer/python.ts";

const wanted = ["python-socketio==5.18.1", "aiohttp==3.14.5"];
const patienceMs = 90_000;

/** Where the packages are kept between runs: in nobody else's reach, outside of the repository. */
const cache = path.join(process.env["XDG_CACHE_HOME"] ?? path.join(homedir(), ".cache"), "colloquy-tests");

/** Where python-socketio's client is, or why it cannot be had. */
export type PythonSocketio = { readonly folder: string } | { readonly missing: string };

const lastLine = (text: string): string => text.trim().split("\n").at(-1) ?? "";

const imports = (folder: string): boolean =>
  spawnSync("python3", ["-c", "import aiohttp, socketio"], { env: { ...process.env, PYTHONPATH: folder } })
    .status === 0;

/** Gets the client from PyPI unless an earlier run did. */
export const getPythonSocketio = (): PythonSocketio => {
  if (noPython !== undefined) return { missing: noPython };
  const folder = path.join(cache, wanted.join("-"));
  if (existsSync(folder) && imports(folder)) return { folder };
  mkdirSync(cache, { recursive: true });
  const made = mkdtempSync(path.join(cache, "fetching-"));
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "1"];
  const fetched = spawnSync("python3", [...pip, "--timeout", "15", "--target", made, ...wanted], {
    encoding: "utf8",
    timeout: patienceMs,
  });
  try {
    if (fetched.status !== 0 || !imports(made)) {
      return { missing: `pip cannot fetch ${wanted[0]}: ${lastLine(fetched.stderr) || "it took too long"}` };
    }
    rmSync(folder, { recursive: true, force: true });
    renameSync(made, folder);
    return { folder };
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
};
