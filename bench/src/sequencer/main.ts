/** The load of the sequencer's rows: models and askers in one process. Its only argument is the job; prints the result as JSON. */
import { createSharedClock } from "../stamp.ts";
import { measure } from "./measure.ts";

// NaN is a figure here ("there is none"), and JSON has no word for it.
const words = (_key: string, value: unknown): unknown =>
  typeof value === "number" && !Number.isFinite(value) ? String(value) : value;

const result = await measure(JSON.parse(process.argv[2] ?? "{}"), createSharedClock());
process.stdout.write(`${JSON.stringify(result, words)}\n`, () => process.exit(0));
