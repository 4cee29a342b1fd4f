/** `npm run bench`: runs the rows one after the other, prints one table. */
import path from "node:path";
import { readArguments, usage, type Wishes } from "./arguments.ts";
import { createChildren } from "./children.ts";
import { findCores, stayOn } from "./cores.ts";
import { describeMachine, writeResults } from "./results-file.ts";
import { createRig } from "./rig.ts";
import type { Line } from "./rows/row.ts";
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

const children = createChildren();
process.on("exit", () => children.killAll());
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(130));

const cores = findCores();
if (cores) stayOn(cores.load);
const rig = createRig({
  root,
  // On the repository's own disk: temporary folders are often kept in memory, where fsync costs nothing.
  dataRoot: path.join(root, "data"),
  children,
  cores,
  profiles: wishes.profiles === undefined ? undefined : path.resolve(wishes.profiles),
  say,
});

const minutes = 15;
const began = performance.now();
const lines: Line[] = [];
const leftOut = (name: string, why: string): Line => ({
  figure: name,
  goal: "–",
  ours: `not measured: ${why}`,
  beside: "–",
  loadCore: Number.NaN,
  held: false,
});
for (const row of wishes.rows) {
  if (performance.now() - began > minutes * 60_000) {
    lines.push(leftOut(row.name, `the ${minutes} minutes were over`));
    continue;
  }
  say(`${row.name} …`);
  try {
    lines.push(...(await row.run(rig, wishes.quick)));
  } catch (error) {
    say(`  ${error instanceof Error ? error.message : String(error)}`);
    lines.push(
      leftOut(row.name, error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error)),
    );
  }
}
console.log(`${describeMachine(cores)}\n\n${formatTable(lines)}`);
if (wishes.write) writeResults(path.join(root, "bench/RESULTS.md"), lines, cores);
