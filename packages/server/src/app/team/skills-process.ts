/**
 * The process that has the skills of a server's team. It is told what to do in one line, and runs until its input ends: the
 * server closes it, and so does the system when the server can do nothing any more. It imports as little as it can.
 */
import { once } from "node:events";
import { createInterface } from "node:readline";
import { runSkills } from "./run-skills.ts";
import { readyLine, skillsOrder } from "./skills-order.ts";

// Ctrl-C and service managers reach every process of a group; the server may still have answers to wait for.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
// Whoever read us may be gone already.
process.stdout.on("error", () => {});

const lines = createInterface({ input: process.stdin });
const gone = once(lines, "close");
const [line]: unknown[] = await once(lines, "line");
const running = await runSkills(skillsOrder.parse(JSON.parse(String(line))));
process.stdout.write(`${readyLine}\n`);
await gone;
await running.close();
process.exit(0);
