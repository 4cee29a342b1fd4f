import { backoff } from "../kernel/backoff.ts";
import type { Clock } from "../kernel/clock.ts";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import type { Logger } from "../kernel/logger.ts";
import type { SqliteOptions } from "./sqlite-database.ts";
import type { SqliteAnswer, SqliteAnswers, SqliteRequest } from "./sqlite-request.ts";
import { type Answered, beginSqliteThread, type SqliteThread } from "./sqlite-thread.ts";

/** The way to the store's thread. */
export interface SqliteLink {
  start(): Promise<void>;
  /** Rejects with `stale_writer`, `prompt_id_taken` or `store_unavailable`. `bytes` is about how much it holds. */
  ask<K extends keyof SqliteAnswers>(
    request: Extract<SqliteRequest, { op: K }>,
    bytes?: number,
  ): Promise<SqliteAnswers[K]>;
  close(): Promise<void>;
}

export interface SqliteLinkOptions {
  readonly sqlite: SqliteOptions;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How a thread is started; for tests. */
  readonly beginThread?: typeof beginSqliteThread;
}

interface Pending {
  readonly request: SqliteRequest;
  readonly weight: number;
  /** A method, so that it may take only the answers that its request has. */
  resolve(value: SqliteAnswer): void;
  reject(error: ColloquyError): void;
}

/** A thread, and what was sent to it and is not answered, oldest first. */
interface Life {
  readonly thread: SqliteThread;
  readonly waiting: Pending[];
}

/** Bytes that may be under way; a disk that hangs must not fill the memory. */
const maxWeight = 64 * 1024 * 1024;
/** A folder that has not answered by then hangs, milliseconds. What is slow about a large store comes later. */
const answersWithinMs = 15_000;
const restart = { baseMs: 100, maxMs: 10_000 };

/**
 * Keeps a thread alive and sends it one message a loop turn. A thread that dies takes what was under way with it
 * (rejected with `store_unavailable`); the next request after a growing wait starts another.
 */
export const createSqliteLink = (options: SqliteLinkOptions): SqliteLink => {
  const { sqlite, clock, logger, beginThread = beginSqliteThread } = options;
  let life: Life | undefined;
  let started = false;
  let closing: Promise<void> | undefined;
  let queue: Pending[] = [];
  let weight = 0;
  let deaths = 0;
  let notBefore = 0;
  let failing = false;

  const refuse = (refused: readonly Pending[], cause?: unknown): void => {
    for (const pending of refused) {
      weight -= pending.weight;
      pending.reject(new ColloquyError("store_unavailable", { cause }));
    }
  };

  const answer = (waiting: Pending[], { outcomes, fault }: Answered): void => {
    deaths = 0;
    // Once when it begins and once when it is over, not for every failed append.
    if (fault !== undefined && !failing) logger.error({ folder: sqlite.folder }, fault);
    if (fault === undefined && failing) logger.info({ folder: sqlite.folder }, "The store works again.");
    failing = fault !== undefined;
    for (const [index, pending] of waiting.splice(0, outcomes.length).entries()) {
      weight -= pending.weight;
      const outcome = outcomes[index];
      if (outcome?.ok) pending.resolve(outcome.value);
      else pending.reject(new ColloquyError(outcome?.code ?? "internal", { cause: new Error(outcome?.why) }));
    }
  };

  const begin = (): Life => {
    const waiting: Pending[] = [];
    const born: Life = {
      waiting,
      thread: beginThread(sqlite, (answered) => answer(waiting, answered)),
    };
    void bury(born);
    return born;
  };

  const bury = async (dying: Life): Promise<void> => {
    const why = await dying.thread.gone;
    if (life === dying) life = undefined;
    if (started && !closing) {
      deaths += 1;
      notBefore = clock.monotonic() + backoff(restart, deaths);
      logger.error(
        { folder: sqlite.folder, err: why },
        "The store's thread ended; the next request starts another.",
      );
    }
    refuse(dying.waiting.splice(0), why);
  };

  const flush = (): void => {
    const batch = queue;
    queue = [];
    if (batch.length === 0) return;
    if (!life && clock.monotonic() >= notBefore) life = begin();
    if (!life) {
      refuse(batch);
      return;
    }
    for (const pending of batch) life.waiting.push(pending);
    life.thread.send(batch.map((pending) => pending.request));
  };

  const ask = <K extends keyof SqliteAnswers>(
    request: Extract<SqliteRequest, { op: K }>,
    bytes = 0,
  ): Promise<SqliteAnswers[K]> =>
    new Promise((resolve, reject) => {
      if (!started || closing || weight > maxWeight) {
        reject(new ColloquyError("store_unavailable"));
        return;
      }
      const pending: Pending = {
        request,
        weight: bytes + 256,
        resolve: (value: SqliteAnswers[K]) => resolve(value),
        reject,
      };
      weight += pending.weight;
      // In the check phase, after every callback of this loop turn has had its say.
      if (queue.push(pending) === 1) setImmediate(flush);
    });

  const end = async (): Promise<void> => {
    flush();
    if (!life) return;
    const { thread } = life;
    if (started) thread.send([{ op: "close" }]);
    else thread.stop();
    await thread.gone;
  };

  return {
    async start() {
      if (closing) throw new ColloquyError("store_unavailable");
      life ??= begin();
      const { thread } = life;
      const late = Promise.withResolvers<"late">();
      const stop = clock.after(answersWithinMs, () => late.resolve("late"));
      const first = await Promise.race([thread.reached, late.promise]);
      stop();
      if (first === "late") {
        // Nothing ends a thread that waits for the system: it is left behind.
        life = undefined;
        thread.stop();
        const message = `The data folder ${sqlite.folder} does not answer. Look at its disk or network share, or choose another folder.`;
        throw new ColloquyError("store_unavailable", { message });
      }
      await thread.opened;
      started = true;
    },
    ask,
    close: () => (closing ??= end()),
  };
};
