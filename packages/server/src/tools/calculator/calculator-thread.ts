/** The thread that the calculator tool works in, so that what never ends can be ended. */
import { parentPort } from "node:worker_threads";
import { createEvaluate } from "./evaluate.ts";

if (parentPort) {
  const port = parentPort;
  const evaluate = createEvaluate();
  // The first use takes longest; it shall not count against anybody's sum.
  evaluate("sqrt(2) * 3.5 km to ft");
  port.on("message", (expression: string) => port.postMessage(evaluate(expression)));
  port.postMessage("ready");
}
