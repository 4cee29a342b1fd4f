import { spawn } from "node:child_process";
import { openSync, closeSync, readFileSync } from "node:fs";

/** A process that the benchmark started. */
export interface Child {
  readonly pid: number;
  /** Resolves with what it printed on its standard output; rejects when it ends with a fault. */
  readonly output: Promise<string>;
  /** Ends it and waits until it is gone. */
  stop(): Promise<void>;
}

export interface ChildOptions {
  /** Arguments of Node. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** The core that it is pinned to, with all its threads. */
  readonly core: number | undefined;
  /** File for what it says on its standard error, and (without `capture`) on its standard output. */
  readonly log: string;
  readonly capture: boolean;
  /** Ask it to end by itself first, so that it can write its profile. */
  readonly gently?: boolean;
}

/** Starts processes and sees to it that none outlives the benchmark. */
export interface Children {
  start(options: ChildOptions): Child;
  /** Ends all that still run, at once, by their ids. */
  killAll(): void;
}

export const createChildren = (): Children => {
  const running = new Set<number>();
  const kill = (pid: number, signal: NodeJS.Signals): void => {
    if (!running.has(pid)) return;
    try {
      process.kill(pid, signal);
    } catch {
      running.delete(pid);
    }
  };

  const start = (options: ChildOptions): Child => {
    const log = openSync(options.log, "a");
    const command = [process.execPath, ...options.args];
    // `taskset` becomes the program itself, so the id stays the same.
    const [file = "", ...args] =
      options.core === undefined ? command : ["taskset", "-c", String(options.core), ...command];
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: { PATH: process.env["PATH"], HOME: process.env["HOME"], NODE_ENV: "production", ...options.env },
      stdio: ["ignore", options.capture ? "pipe" : log, log],
    });
    closeSync(log);
    const pid = child.pid ?? -1;
    running.add(pid);
    let stopped = false;
    let printed = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
    });
    const gone = new Promise<string>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, signal) => {
        running.delete(pid);
        if (code === 0 || stopped) resolve(printed);
        else
          reject(
            new Error(
              `${options.args.join(" ").slice(0, 200)} ended (${code ?? signal}):\n${tail(options.log)}`,
            ),
          );
      });
    });
    gone.catch(() => undefined);
    return {
      pid,
      output: gone,
      async stop() {
        stopped = true;
        if (options.gently === true) {
          kill(pid, "SIGTERM");
          const again = setTimeout(() => kill(pid, "SIGTERM"), 1_000);
          const hard = setTimeout(() => kill(pid, "SIGKILL"), 15_000);
          await gone.catch(() => undefined);
          clearTimeout(again);
          clearTimeout(hard);
        }
        kill(pid, "SIGKILL");
        await gone.catch(() => undefined);
      },
    };
  };

  return {
    start,
    killAll() {
      for (const pid of running) kill(pid, "SIGKILL");
    },
  };
};

const tail = (file: string): string => readFileSync(file, "utf8").slice(-2_000);
