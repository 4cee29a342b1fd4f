import { spawn, spawnSync } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { afterEach } from "vitest";

/** What a suite that needs Python says where there is none. */
export const noPython =
  spawnSync("python3", ["--version"]).status === 0 ? undefined : "there is no python3 on this machine";

export interface PythonPeer {
  /** What it said: each line that began with `@`, as JSON. */
  readonly said: readonly unknown[];
  /** Resolves with the first thing that it says after the call of which this is true. */
  next(): Promise<unknown>;
  say(command: unknown): void;
  /** Why it ended, if it did. */
  readonly ended: () => string | undefined;
  end(): Promise<void>;
}

const running: PythonPeer[] = [];

/** To be called once in a test file. */
export const endPythonAfterEach = (): void => {
  afterEach(async () => {
    for (const peer of running.splice(0)) await peer.end();
  });
};

/** Starts a Python program; a relative path is from this folder. */
export const startPython = (
  program: string,
  args: readonly (string | number)[],
  env: Readonly<Record<string, string>> = {},
): PythonPeer => {
  const child = spawn("python3", ["-u", path.resolve(import.meta.dirname, program), ...args.map(String)], {
    env: { ...process.env, ...env },
  });
  const said: unknown[] = [];
  const waiting: ((value: unknown) => void)[] = [];
  let unread = 0;
  let stderr = "";
  let ended: string | undefined;
  child.stderr.on("data", (chunk) => (stderr += String(chunk)));
  createInterface(child.stdout).on("line", (line) => {
    if (!line.startsWith("@")) return;
    const value: unknown = JSON.parse(line.slice(1));
    said.push(value);
    const resolve = waiting.shift();
    if (!resolve) return;
    unread = said.length;
    resolve(value);
  });
  const closed = new Promise<void>((resolve) => {
    child.on("close", (code) => {
      ended = `${code ?? "killed"} ${stderr}`;
      resolve();
    });
  });
  const peer: PythonPeer = {
    said,
    next() {
      const there = said[unread];
      unread += 1;
      if (there !== undefined) return Promise.resolve(there);
      return new Promise((resolve, reject) => {
        waiting.push(resolve);
        void closed.then(() => reject(new Error(`python ended: ${ended}`)));
      });
    },
    say: (command) => void child.stdin.write(`${JSON.stringify(command)}\n`),
    ended: () => ended,
    async end() {
      child.kill("SIGKILL");
      await closed;
    },
  };
  running.push(peer);
  return peer;
};
