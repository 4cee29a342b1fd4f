#!/usr/bin/env node
import { runCli } from "./app/cli/cli.ts";
import type { Terminal } from "./app/cli/terminal.ts";

const stops = ["SIGTERM", "SIGINT"] as const;

// Whoever read what we say may have gone away; that is no reason to end.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

const terminal: Terminal = {
  env: process.env,
  cwd: process.cwd(),
  input: process.stdin,
  output: process.stdout,
  errors: process.stderr,
  isPerson: process.stderr.isTTY,
  onStop(run) {
    for (const signal of stops) process.on(signal, run);
    return () => {
      for (const signal of stops) process.off(signal, run);
    };
  },
  onRejection(run) {
    process.on("unhandledRejection", run);
  },
};

const code = await runCli(process.argv.slice(2), terminal);
// What was started has been closed by now, and what was cut short must not keep the process; but a pipe may still be
// full of what we said.
process.stdout.write("", () => process.exit(code));
