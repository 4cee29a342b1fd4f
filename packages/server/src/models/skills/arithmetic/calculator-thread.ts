/**
 * The thread that works sums out. Some sums never end, so that it must be a thread that can be ended where it stands; and what a
 * sum may take of the memory is bounded for all of it.
 */
import { parentPort } from "node:worker_threads";
import type { Sum } from "./read-sum.ts";
import { createWorkOut } from "./work-out.ts";

if (parentPort) {
  const port = parentPort;
  const workOut = createWorkOut();
  // The first use of the calculator's parts takes longest; it shall not count against anybody's sum.
  workOut({ expression: "1 km + 2 * 3.5 m to ft" });
  port.on("message", (sum: Sum) => port.postMessage(workOut(sum)));
  port.postMessage("ready");
}
