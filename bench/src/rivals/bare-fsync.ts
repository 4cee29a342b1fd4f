/**
 * What a durable acknowledgement costs at the least in a folder: write a prompt's worth of bytes, fsync, again. Prints
 * the latencies' p50 and p99 in milliseconds as JSON. `DATA_DIR` is the folder.
 */
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from "node:fs";
import path from "node:path";

const file = path.join(process.env["DATA_DIR"] ?? ".", "bare-fsync");
const row = Buffer.alloc(300, "x");
const rounds = 1_000;
const times: number[] = [];

const fd = openSync(file, "w");
for (let i = 0; i < rounds; i += 1) {
  const began = performance.now();
  writeSync(fd, row);
  fsyncSync(fd);
  times.push(performance.now() - began);
}
closeSync(fd);
rmSync(file);

times.sort((a, b) => a - b);
console.log(JSON.stringify({ p50: times[rounds * 0.5], p99: times[rounds * 0.99] }));
