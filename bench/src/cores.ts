import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** The core of the server under test, and that of the load, the stand-in and the benchmark itself. */
export interface Cores {
  readonly server: number;
  readonly load: number;
}

/** Reads lists like `0-1,4`. */
const coresIn = (list: string): number[] =>
  list.split(",").flatMap((part) => {
    const [first = 0, last = first] = part.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });

/** The first two cores that this process may use; undefined where `taskset` is missing or there is only one. */
export const findCores = (): Cores | undefined => {
  if (process.platform !== "linux" || spawnSync("taskset", ["--version"]).status !== 0) return undefined;
  const allowed = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync("/proc/self/status", "latin1"))?.[1] ?? "";
  const [server, load] = coresIn(allowed);
  return server === undefined || load === undefined ? undefined : { server, load };
};

/** Moves this process to the load's core, out of the server's way. */
export const stayOn = (core: number): void => {
  spawnSync("taskset", ["-pc", String(core), String(process.pid)]);
};
