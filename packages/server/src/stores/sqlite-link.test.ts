import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { type Clock, systemClock } from "../kernel/clock.ts";
import { silentLogger } from "../kernel/logger.ts";
import { manualClock } from "../../../../tests/stand-ins/manual-clock.ts";
import { createSqliteLink, type SqliteLink } from "./sqlite-link.ts";
import type { SqliteRequest } from "./sqlite-request.ts";
import { type Answered, beginSqliteThread, type SqliteThread } from "./sqlite-thread.ts";

/** A thread that does what the test says. */
interface FakeThread {
  readonly sent: (readonly SqliteRequest[])[];
  answer(answered: Partial<Answered>): void;
  die(): void;
}

interface Stage {
  readonly link: SqliteLink;
  readonly threads: FakeThread[];
  /** What the link logged. */
  readonly said: string[];
  readonly advance: (ms: number) => void;
}

const stage = async (): Promise<Stage> => {
  const threads: FakeThread[] = [];
  const said: string[] = [];
  let now = 0;
  const clock: Clock = { ...systemClock, monotonic: () => now };
  const log = (_fields: object, message: string): void => void said.push(message);
  const beginThread = (_options: unknown, onAnswered: (answered: Answered) => void): SqliteThread => {
    const gone = Promise.withResolvers<unknown>();
    const sent: (readonly SqliteRequest[])[] = [];
    const die = (): void => gone.resolve(new Error("killed"));
    threads.push({
      sent,
      die,
      answer: (answered) => onAnswered({ kind: "done", outcomes: [], ...answered }),
    });
    return {
      reached: Promise.resolve(),
      opened: Promise.resolve(),
      gone: gone.promise,
      send: (requests) => sent.push(requests),
      stop: die,
    };
  };
  const logger = { ...silentLogger, info: log, error: log };
  const link = createSqliteLink({ sqlite: { folder: "nowhere" }, clock, logger, beginThread });
  await link.start();
  return { link, threads, said, advance: (ms) => (now += ms) };
};

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const unavailable = { code: "store_unavailable" };

test("what is asked in one loop turn goes out as one message, in order, and so do the answers come back", async () => {
  const { link, threads } = await stage();
  const asked = ["a", "b", "c"].map((id) =>
    link.ask<"prompt">({ op: "prompt", conversation: "channel:a", id }),
  );
  await Promise.resolve();
  const later = link.ask<"open">({ op: "open" });
  expect(threads[0]?.sent).toEqual([]);
  await nextTurn();
  expect(threads[0]?.sent.map((requests) => requests.map(({ op }) => op))).toEqual([
    ["prompt", "prompt", "prompt", "open"],
  ]);
  threads[0]?.answer({ outcomes: [1, 2].map((value) => ({ ok: true, value })) });
  threads[0]?.answer({
    outcomes: [
      { ok: true, value: 3 },
      { ok: true, value: [] },
    ],
  });
  expect(await Promise.all([...asked, later])).toEqual([1, 2, 3, []]);
});

test("P12 a thread that dies takes what was under way with it, and the next request after a growing wait starts another", async () => {
  const { link, threads, said, advance } = await stage();
  const lost = link.ask<"open">({ op: "open" });
  await nextTurn();
  threads[0]?.die();
  await expect(lost).rejects.toMatchObject(unavailable);
  expect(said).toEqual(["The store's thread ended; the next request starts another."]);
  await expect(link.ask<"open">({ op: "open" })).rejects.toMatchObject(unavailable);
  expect(threads).toHaveLength(1);
  advance(100);
  const lostAgain = link.ask<"open">({ op: "open" });
  await nextTurn();
  expect(threads).toHaveLength(2);
  threads[1]?.die();
  await expect(lostAgain).rejects.toMatchObject(unavailable);
  advance(99);
  await expect(link.ask<"open">({ op: "open" })).rejects.toMatchObject(unavailable);
  advance(101);
  const served = link.ask<"open">({ op: "open" });
  await nextTurn();
  threads[2]?.answer({ outcomes: [{ ok: true, value: [] }] });
  expect(await served).toEqual([]);
});

test("P5 what a disk that hangs may hold back is bounded", async () => {
  const { link, threads } = await stage();
  const mega = 1024 * 1024;
  const held = Array.from({ length: 64 }, () => link.ask<"open">({ op: "open" }, mega));
  await expect(link.ask<"open">({ op: "open" })).rejects.toMatchObject(unavailable);
  await nextTurn();
  threads[0]?.answer({ outcomes: held.map(() => ({ ok: true, value: [] })) });
  await Promise.all(held);
  const served = link.ask<"open">({ op: "open" });
  await nextTurn();
  threads[0]?.answer({ outcomes: [{ ok: true, value: [] }] });
  expect(await served).toEqual([]);
});

test("a disk that fails is logged when it begins and when it is over, not for every append", async () => {
  const { link, threads, said } = await stage();
  const outcomes = [{ ok: false, code: "store_unavailable", why: "full" } as const];
  for (const fault of ["The disk is full.", "The disk is full."]) {
    const refused = link.ask<"open">({ op: "open" });
    await nextTurn();
    threads[0]?.answer({ outcomes, fault });
    await expect(refused).rejects.toMatchObject(unavailable);
  }
  threads[0]?.answer({});
  threads[0]?.answer({});
  expect(said).toEqual(["The disk is full.", "The store works again."]);
});

test("P1 a thread that is killed loses nothing that it acknowledged, and its file is free for the next", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "colloquy-link-"));
  const threads: SqliteThread[] = [];
  const beginThread: typeof beginSqliteThread = (...options) => {
    const thread = beginSqliteThread(...options);
    threads.push(thread);
    return thread;
  };
  let now = 0;
  const clock: Clock = { ...systemClock, monotonic: () => now };
  const link = createSqliteLink({ sqlite: { folder }, clock, logger: silentLogger, beginThread });
  await link.start();
  const head = await link.ask<"lead">({ op: "lead", conversation: "channel:a", log: "log" });
  threads[0]?.stop();
  await threads[0]?.gone;
  now += 1000;
  expect(await link.ask<"lead">({ op: "lead", conversation: "channel:a" })).toEqual({ ...head, term: 2 });
  expect(threads).toHaveLength(2);
  await link.close();
  await rm(folder, { recursive: true });
});

test("a data folder that does not answer kept the start waiting for ever", async () => {
  const clock = manualClock();
  let stopped = 0;
  const never = new Promise<never>(() => {});
  const link = createSqliteLink({
    sqlite: { folder: "/mnt/gone" },
    clock,
    logger: silentLogger,
    beginThread: () => ({
      reached: never,
      opened: never,
      gone: never,
      send: () => {},
      stop: () => (stopped += 1),
    }),
  });
  const starting = link.start();
  clock.advance(15_000);
  await expect(starting).rejects.toMatchObject({
    ...unavailable,
    message:
      "The data folder /mnt/gone does not answer. Look at its disk or network share, or choose another folder.",
  });
  await link.close();
  expect(stopped).toBe(1);
});
