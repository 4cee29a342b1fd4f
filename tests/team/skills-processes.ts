import { readdirSync, readFileSync } from "node:fs";

/** Whether this system tells who is whose child. */
export const tellsChildren = process.platform === "linux";

const parentOf = (pid: string): number => {
  // The name in brackets may hold anything; what follows it may not.
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return Number(
    stat
      .slice(stat.lastIndexOf(")") + 1)
      .trim()
      .split(" ")[1],
  );
};

const isSkills = (pid: string, parent: number | undefined): boolean => {
  try {
    const args = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return args.includes("skills-process") && (parent === undefined || parentOf(pid) === parent);
  } catch {
    return false;
  }
};

/** The processes that have the skills of a server's team, by their ids. */
export const skillsProcesses = (serverPid: number): readonly number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && isSkills(name, serverPid))
    .map(Number);

/** Whether a process that had skills is still there, whosever child it is by now. */
export const isThere = (pid: number): boolean => isSkills(String(pid), undefined);
