import { readFileSync } from "node:fs";

/** Reads a file of the proc file system; undefined where there is none. */
const read = (file: string): string | undefined => {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return undefined;
  }
};

/** User and system time that a process with all its threads has used, milliseconds; NaN where it cannot be known. */
const cpuMsOf = (pid: number): number => {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === undefined) return Number.NaN;
  // The second field is the name in brackets and may hold spaces; utime and stime are the 12th and 13th after it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // The kernel shows hundredths of a second to user space, whatever its own tick is.
  return (Number(fields[11]) + Number(fields[12])) * 10;
};

/** Resident memory of a process, bytes; NaN where it cannot be known. */
export const rssOf = (pid: number): number => {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`) ?? "")?.[1];
  return kib === undefined ? Number.NaN : Number(kib) * 1024;
};

interface CoreTimes {
  readonly busy: number;
  readonly all: number;
}

const timesOfCore = (core: number): CoreTimes => {
  const line = new RegExp(String.raw`^cpu${core} (.*)$`, "m").exec(read("/proc/stat") ?? "")?.[1];
  const times = line?.trim().split(/\s+/).slice(0, 8).map(Number) ?? [Number.NaN];
  const all = times.reduce((sum, time) => sum + time, 0);
  return { busy: all - (times[3] ?? 0) - (times[4] ?? 0), all };
};

/** What machine and processes did in a stretch of time. */
export interface Use {
  readonly wallMs: number;
  /** CPU that the server under test used, milliseconds. */
  readonly serverCpuMs: number;
  /** How busy each core was, 0 to 1; the server's core shows more than the server when others disturb the run. */
  readonly serverCore: number;
  readonly loadCore: number;
}

/** Which process and cores to look at; without `cores` (nothing is pinned) the cores' use is NaN. */
export interface Watched {
  readonly serverPid: number;
  readonly cores?: { readonly server: number; readonly load: number };
}

/** Begins to watch; the returned function says what was used since. */
export const watchUse = ({ serverPid, cores }: Watched): (() => Use) => {
  const began = performance.now();
  const cpu = cpuMsOf(serverPid);
  const before = cores && { server: timesOfCore(cores.server), load: timesOfCore(cores.load) };
  const share = (a: CoreTimes, b: CoreTimes): number => (b.busy - a.busy) / (b.all - a.all);
  return () => ({
    wallMs: performance.now() - began,
    serverCpuMs: cpuMsOf(serverPid) - cpu,
    serverCore: cores && before ? share(before.server, timesOfCore(cores.server)) : Number.NaN,
    loadCore: cores && before ? share(before.load, timesOfCore(cores.load)) : Number.NaN,
  });
};
