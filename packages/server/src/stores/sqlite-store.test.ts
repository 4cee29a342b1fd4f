import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { systemClock } from "../kernel/clock.ts";
import { systemIds } from "../kernel/ids.ts";
import { silentLogger } from "../kernel/logger.ts";
import { createMeter } from "../kernel/meter.ts";
import { openSqliteDatabase } from "./sqlite-database.ts";
import { createSqliteStore } from "./sqlite-store.ts";
import { prompt } from "./sample-entries.contract.ts";
import { storeContract, type StoreUnderTest } from "./store.contract.ts";

const open = async (folder: string): Promise<StoreUnderTest> => {
  const store = createSqliteStore({ folder, clock: systemClock, ids: systemIds, logger: silentLogger });
  await store.start();
  return {
    store,
    async reopen() {
      await store.close();
      return open(folder);
    },
    async remove() {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
};

const newFolder = (): Promise<string> => mkdtemp(path.join(tmpdir(), "colloquy-store-"));

storeContract("SQLite", async () => open(await newFolder()));

test("what it makes can be read by its owner only", async () => {
  const base = await newFolder();
  const folder = path.join(base, "deep", "data");
  const { store } = await open(folder);
  await store.lead("channel:a", true);
  const mode = async (file: string): Promise<number> => (await stat(path.join(base, file))).mode & 0o777;
  expect(await mode("deep")).toBe(0o700);
  expect(await mode("deep/data")).toBe(0o700);
  for (const file of ["colloquy.db", "colloquy.db-wal", "colloquy.lock"]) {
    expect(await mode(`deep/data/${file}`)).toBe(0o600);
  }
  await store.close();
  await rm(base, { recursive: true });
});

test("appends of one loop turn become durable together, and each is counted", async () => {
  const folder = await newFolder();
  const meter = createMeter();
  const store = createSqliteStore({
    folder,
    clock: systemClock,
    ids: systemIds,
    logger: silentLogger,
    meter,
  });
  await store.start();
  const names = Array.from({ length: 50 }, (_, index) => `channel:${index}`);
  await Promise.all(names.map((name) => store.lead(name, true)));
  const order: string[] = [];
  await Promise.all(
    names.map(async (conversation) => {
      await store.append({ conversation, term: 1, expected: 1, entries: [prompt("p1")] });
      order.push(conversation);
    }),
  );
  expect(order).toEqual(names);
  expect(meter.storeLatency.counts.reduce((sum, count) => sum + count, 0)).toBe(50);
  await store.close();
  await rm(folder, { recursive: true });
});

test("P1 what is acknowledged is committed already: everybody who opens the file sees it", async () => {
  const folder = await newFolder();
  const under = await open(folder);
  const { store } = under;
  await store.lead("channel:a", true);
  const witness = new DatabaseSync(path.join(folder, "colloquy.db"), { readOnly: true });
  const count = witness.prepare("SELECT count(*) AS entries FROM entries");
  for (let n = 1; n <= 100; n += 1) {
    await store.append({ conversation: "channel:a", term: 1, expected: n, entries: [prompt(`p${n}`)] });
    expect(count.get()).toEqual({ entries: n });
  }
  witness.close();
  await under.remove();
});

test("P1 commits are synced to the disk, and others may read the file meanwhile", async () => {
  const folder = await newFolder();
  const database = openSqliteDatabase({ folder });
  const { db } = database;
  const pragma = (name: string): unknown => db.prepare(`PRAGMA ${name}`).get();
  expect(pragma("synchronous")).toEqual({ synchronous: 2 });
  expect(pragma("journal_mode")).toEqual({ journal_mode: "wal" });
  expect(pragma("locking_mode")).toEqual({ locking_mode: "normal" });
  db.exec("BEGIN IMMEDIATE");
  const operator = new DatabaseSync(path.join(folder, "colloquy.db"), { readOnly: true });
  expect(operator.prepare("SELECT count(*) AS entries FROM entries").get()).toEqual({ entries: 0 });
  operator.close();
  database.close();
  await rm(folder, { recursive: true });
});
