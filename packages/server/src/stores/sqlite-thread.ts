import path from "node:path";
import { Worker } from "node:worker_threads";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import type { SqliteOptions } from "./sqlite-database.ts";
import type { SqliteRequest, WorkerMessage } from "./sqlite-request.ts";

export type Answered = Extract<WorkerMessage, { kind: "done" }>;

/** One life of the thread that owns the store file. */
export interface SqliteThread {
  /** Resolves when the folder has answered, or the thread has ended. */
  readonly reached: Promise<unknown>;
  /** Rejects with `store_unavailable` and the operator's sentence when the thread cannot open the store. */
  readonly opened: Promise<void>;
  /** Resolves when the thread has ended, with the reason. Nothing is answered after that. */
  readonly gone: Promise<unknown>;
  /** One message for all of them; they are answered in this order. */
  send(requests: readonly SqliteRequest[]): void;
  /** Ends the thread where it stands. */
  stop(): void;
}

/** Starts the thread. */
export const beginSqliteThread = (
  sqlite: SqliteOptions,
  onAnswered: (answered: Answered) => void,
): SqliteThread => {
  // The extension is that of this very file: `.ts` in a checkout, `.js` when built. The thread needs none of the
  // process's flags, so that it takes none.
  const file = new URL(`./sqlite-worker${path.extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(file, {
    name: "colloquy-store",
    workerData: sqlite,
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
  const reached = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<unknown>();
  // Not everyone who starts a thread waits for it to open.
  opened.promise.catch(() => {});
  let why: unknown = new Error("The store's thread ended.");
  worker.on("message", (message: WorkerMessage) => {
    if (message.kind === "done") onAnswered(message);
    else if (message.kind === "reached") reached.resolve();
    else if (message.kind === "opened") opened.resolve();
    else why = new ColloquyError("store_unavailable", { message: message.why });
  });
  worker.on("error", (error) => {
    why = error;
  });
  worker.on("exit", () => {
    gone.resolve(why);
    reached.resolve();
    opened.reject(
      why instanceof ColloquyError ? why : new ColloquyError("store_unavailable", { cause: why }),
    );
  });
  return {
    reached: reached.promise,
    opened: opened.promise,
    gone: gone.promise,
    send: (requests) => worker.postMessage(requests, []),
    stop: () => void worker.terminate(),
  };
};
