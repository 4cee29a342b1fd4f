/**
 * The thread that owns the store file. It takes everything that has arrived into one transaction, so that many
 * appends share one sync of the disk, and answers with one message. It imports as little as it can: what it
 * imports is loaded again for the thread.
 */
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { folderFault } from "./folder-fault.ts";
import { openSqliteDatabase, type SqliteDatabase, type SqliteOptions } from "./sqlite-database.ts";
import { createSqliteOperations, type SqliteOperations } from "./sqlite-operations.ts";
import type { SqliteOutcome, SqliteRequest, SqliteWrite, WorkerMessage } from "./sqlite-request.ts";

const isWrite = (request: SqliteRequest): request is SqliteWrite =>
  request.op === "lead" || request.op === "append";

const main = (port: NonNullable<typeof parentPort>, options: SqliteOptions): void => {
  const say = (message: WorkerMessage): void => port.postMessage(message);
  const unavailable = (error: unknown): SqliteOutcome => ({
    ok: false,
    code: "store_unavailable",
    why: folderFault(error, options.folder),
  });

  const serve = (
    { db }: SqliteDatabase,
    operations: SqliteOperations,
    batch: readonly SqliteRequest[],
  ): void => {
    const outcomes: SqliteOutcome[] = [];
    let fault: string | undefined;
    if (batch.some(isWrite)) {
      try {
        db.exec("BEGIN IMMEDIATE");
        for (const [index, request] of batch.entries()) {
          if (isWrite(request)) outcomes[index] = operations.write(request);
        }
        db.exec("COMMIT");
      } catch (error) {
        // A refusal of this batch may rest on what is now undone, so all of it is told the same. Where even the
        // rollback fails, the thread ends, and the next one opens the file anew.
        if (db.isTransaction) db.exec("ROLLBACK");
        const failed = unavailable(error);
        for (const [index, request] of batch.entries()) if (isWrite(request)) outcomes[index] = failed;
        fault = folderFault(error, options.folder);
      }
    }
    // Reads come after the commit: what they see is there for good.
    for (const [index, request] of batch.entries()) {
      if (isWrite(request)) continue;
      try {
        outcomes[index] = { ok: true, value: operations.read(request) };
      } catch (error) {
        outcomes[index] = unavailable(error);
        fault = folderFault(error, options.folder);
      }
    }
    say(fault === undefined ? { kind: "done", outcomes } : { kind: "done", outcomes, fault });
  };

  let database: SqliteDatabase;
  let operations: SqliteOperations;
  try {
    database = openSqliteDatabase(options, () => say({ kind: "reached" }));
    operations = createSqliteOperations(database.db);
  } catch (error) {
    say({ kind: "refused", why: folderFault(error, options.folder) });
    return;
  }
  say({ kind: "opened" });
  port.on("message", (first: SqliteRequest[]) => {
    const batch = [...first];
    for (let more = receiveMessageOnPort(port); more; more = receiveMessageOnPort(port)) {
      const requests: SqliteRequest[] = more.message;
      for (const request of requests) batch.push(request);
    }
    serve(database, operations, batch);
    if (batch.at(-1)?.op !== "close") return;
    database.close();
    port.close();
  });
};

if (parentPort) main(parentPort, workerData);
