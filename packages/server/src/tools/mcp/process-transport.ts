import { spawn, type ChildProcess } from "node:child_process";
import type { Transport } from "@modelcontextprotocol/client";
import type { Clock } from "../../kernel/clock.ts";
import type { McpSdk } from "./mcp-sdk.ts";

export interface ProcessOptions {
  readonly sdk: McpSdk;
  /** The program itself, with its path. */
  readonly command: string;
  readonly args: readonly string[];
  /** All of the program's environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string | undefined;
  /** The longest message that is taken, bytes; a longer one ends the program. */
  readonly maxMessageBytes: number;
  readonly clock: Clock;
}

export interface ProcessTransport extends Transport {
  /** The last that the program said on its standard error. */
  lastWords(): string;
}

const lastWordsChars = 1_000;
/** How long a program may take to leave when it is asked, and then when it is told; milliseconds. */
const patienceMs = 1_000;

/** Ends it with all that it started, which may be the server itself: many commands only start another. */
const signalAll = (child: ChildProcess, signal: NodeJS.Signals): void => {
  try {
    if (child.pid !== undefined && process.platform !== "win32") process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch {
    // It has left meanwhile.
  }
};

/**
 * Speaks with a program over its standard input and output. Unlike the package's own way of doing so it adds nothing to
 * the environment that the operator listed.
 */
export const createProcessTransport = (options: ProcessOptions): ProcessTransport => {
  const { sdk, command, args, env, cwd, clock } = options;
  const buffer = new sdk.ReadBuffer({ maxBufferSize: options.maxMessageBytes });
  let child: ChildProcess | undefined;
  let ended = false;
  let words = "";

  const end = (): void => {
    if (ended) return;
    ended = true;
    buffer.clear();
    child?.stdout?.destroy();
    child?.stdin?.destroy();
    child?.stderr?.destroy();
    transport.onclose?.();
  };
  const fail = (error: unknown): void =>
    transport.onerror?.(error instanceof Error ? error : new Error(String(error)));
  const take = (chunk: Buffer): void => {
    try {
      buffer.append(chunk);
    } catch (error) {
      words = `it sent a message of more than ${options.maxMessageBytes} bytes`;
      fail(error);
      void transport.close();
      return;
    }
    for (;;) {
      try {
        const message = buffer.readMessage();
        if (message === null) return;
        transport.onmessage?.(message);
      } catch (error) {
        // One message that is none; the next may be one again.
        fail(error);
      }
    }
  };

  const transport: ProcessTransport = {
    lastWords: () => words.trim(),
    start: () =>
      new Promise((resolve, reject) => {
        const started = spawn(command, args, {
          env: { ...env },
          cwd,
          stdio: "pipe",
          detached: process.platform !== "win32",
          windowsHide: true,
        });
        child = started;
        started.once("spawn", resolve);
        started.on("error", (error) => {
          reject(error);
          fail(error);
        });
        started.once("close", end);
        started.stdout.on("data", take);
        started.stderr.on("data", (chunk: Buffer) => {
          words = (words + chunk.toString("utf8")).slice(-lastWordsChars);
        });
        for (const stream of [started.stdin, started.stdout, started.stderr]) stream.on("error", fail);
      }),
    send: (message) =>
      new Promise((resolve, reject) => {
        if (ended || !child?.stdin?.writable) reject(new Error("the program has left"));
        else if (child.stdin.write(sdk.serializeMessage(message))) resolve();
        else child.stdin.once("drain", resolve);
      }),
    async close() {
      const leaving = child;
      if (!leaving || ended) return;
      const gone = new Promise<true>((resolve) => {
        if (leaving.exitCode !== null || leaving.signalCode !== null || leaving.pid === undefined)
          resolve(true);
        else leaving.once("exit", () => resolve(true));
      });
      const goneIn = (ms: number): Promise<boolean> =>
        new Promise((resolve) => {
          const stop = clock.after(ms, () => resolve(false));
          void gone.then(() => {
            stop();
            resolve(true);
          });
        });
      leaving.stdin?.end();
      if (!(await goneIn(patienceMs))) {
        signalAll(leaving, "SIGTERM");
        await goneIn(patienceMs);
      }
      // Also when the program itself has left: what it started may have stayed.
      signalAll(leaving, "SIGKILL");
      await gone;
      end();
    },
  };
  return transport;
};
