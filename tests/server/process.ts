import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");

/** A folder that is gone when the test is over. */
export const freshFolder = (): string => {
  const folder = mkdtempSync(path.join(tmpdir(), "colloquy-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** A program of this repository in a process of its own, killed when the test is over. */
export interface Program {
  readonly child: ChildProcess;
  /** All that it has said on both streams. */
  said(): string;
  /** Resolves to the first match in what it says; rejects when it ends without. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  /** Resolves to its exit code, or to the signal that ended it. */
  readonly ended: Promise<number | string>;
}

export const runProgram = (
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Program => {
  const child = spawn(process.execPath, ["--conditions=colloquy-source", path.join(root, file), ...args], {
    cwd: env["DATA_DIR"] ?? root,
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  const listeners = new Set<() => void>();
  const look = (): void => {
    for (const listener of listeners) listener();
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (piece: Buffer) => {
      text += piece.toString();
      look();
    });
  }
  const ended = new Promise<number | string>((resolve) => {
    child.once("close", (code, signal) => {
      resolve(code ?? signal ?? "");
      look();
    });
  });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  return {
    child,
    said: () => text,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const listener = (): void => {
          const found = pattern.exec(text);
          const over = child.exitCode !== null || child.signalCode !== null;
          if (!found && !over) return;
          listeners.delete(listener);
          if (found) resolve(found);
          else reject(new Error(`it ended and never said ${String(pattern)}:\n${text}`));
        };
        listeners.add(listener);
        listener();
      }),
    ended,
  };
};
