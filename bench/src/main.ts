/** `npm run bench`: runs the rows one after the other, prints one table. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import { readArguments, usage, type Wishes } from "./arguments.ts";
import { createChildren } from "./children.ts";
import { findCores, stayOn } from "./cores.ts";
import { describeMachine, writeResults } from "./results-file.ts";
import { createRig } from "./rig.ts";
import type { Line, Row } from "./rows/row.ts";
import { formatTable } from "./table.ts";

const root = path.resolve(import.meta.dirname, "../..");
const say = (line: string): void => console.error(line);

const begin = (): Wishes | undefined => {
  try {
    return readArguments(process.argv.slice(2));
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    return undefined;
  }
};
const wishes = begin() ?? process.exit(2);

const minutes = 30;
const children = createChildren();
// On the repository's own disk: temporary folders are often kept in memory, where fsync costs nothing.
const dataRoot = path.join(root, "data");
mkdirSync(dataRoot, { recursive: true });
const folder = mkdtempSync(path.join(dataRoot, "bench-"));
process.on("exit", () => {
  children.killAll();
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(130));

const cores = findCores();
if (cores) stayOn(cores.load);
const rig = createRig({
  root,
  folder,
  children,
  cores,
  profiles: wishes.profiles === undefined ? undefined : path.resolve(wishes.profiles),
  deadline: performance.now() + minutes * 60_000,
  say,
});

const leftOut = (name: string, why: string): Line => ({
  figure: name,
  goal: "–",
  ours: `not measured: ${why}`,
  beside: "–",
  uses: [],
  held: false,
});
const linesOf = async (row: Row): Promise<readonly Line[]> => {
  say(`${row.name} …`);
  try {
    return await row.run(rig, wishes.quick);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    say(`  ${row.name}: ${why}`);
    return [leftOut(row.name, why.split("\n")[0] ?? "")];
  }
};

const done = new Map<Row, readonly Line[]>();
const run = async (row: Row): Promise<void> => void done.set(row, await linesOf(row));
for (const row of wishes.rows.filter((row) => row.light !== true)) await run(row);
await Promise.all(wishes.rows.filter((row) => row.light === true).map(run));

const lines = wishes.rows.flatMap((row) => done.get(row) ?? []);
const machine = describeMachine(cores, wishes.quick);
console.log(`${machine}\n\n${formatTable(lines)}`);
if (wishes.write) writeResults(path.join(root, "bench/RESULTS.md"), lines, machine);
