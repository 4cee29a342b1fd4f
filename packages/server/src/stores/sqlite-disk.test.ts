import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { NewEntry } from "@colloquy/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../kernel/clock.ts";
import { systemIds } from "../kernel/ids.ts";
import { silentLogger } from "../kernel/logger.ts";
import { answer, prompt } from "./sample-entries.contract.ts";
import { createSqliteStore } from "./sqlite-store.ts";
import type { Store } from "./store.ts";

let base: string;
const stores: Store[] = [];
const mounted: string[] = [];

const open = async (folder: string, maxBytes?: number): Promise<Store> => {
  const bound = maxBytes === undefined ? {} : { maxBytes };
  const store = createSqliteStore({
    folder,
    ...bound,
    clock: systemClock,
    ids: systemIds,
    logger: silentLogger,
  });
  stores.push(store);
  await store.start();
  return store;
};

/** Puts a small file system of memory there; only root may. */
const mount = (folder: string, options: string): boolean => {
  const done = spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder]).status === 0;
  if (done) mounted.push(folder);
  return done;
};

beforeEach(async () => {
  base = await mkdtemp(path.join(tmpdir(), "colloquy-disk-"));
});
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  for (const folder of mounted.splice(0)) spawnSync("umount", ["-l", folder]);
  await rm(base, { recursive: true });
});

const unavailable = { code: "store_unavailable" };
const a = "channel:a";
const append = (
  store: Store,
  conversation: string,
  expected: number,
  ...entries: NewEntry[]
): Promise<void> => store.append({ conversation, term: 1, expected, entries });

/** Appends until the store refuses, and tells how many entries it took. */
const fill = async (store: Store, from: number): Promise<number> => {
  for (let n = from; ; n += 1) {
    try {
      await append(store, a, n, answer(1, "x".repeat(20_000)));
    } catch (error) {
      expect(error).toMatchObject(unavailable);
      return n - 1;
    }
  }
};

test("P1 where there is no room, all that shared the commit is refused, nothing changes, and what fits goes on", async () => {
  const store = await open(base, 1024 * 1024);
  await Promise.all(["a", "b"].map((name) => store.lead(`channel:${name}`, true)));
  await append(store, a, 1, prompt("p1"));
  const last = await fill(store, 2);
  const huge = answer(1, "x".repeat(2 * 1024 * 1024));
  const together = [
    append(store, "channel:b", 1, prompt("p1")),
    append(store, a, last + 1, prompt("p2"), huge),
    store.lead("channel:c", true),
    append(store, a, 1, prompt("p3")),
  ];
  const read = store.readNewest(a, 1);
  for (const refused of together) await expect(refused).rejects.toMatchObject(unavailable);
  expect((await read).map(({ n }) => n)).toEqual([last]);
  expect(await store.readAfter("channel:b", 0, 10)).toEqual([]);
  expect(await store.findPrompt(a, "p2")).toBeUndefined();
  expect(await store.openTurns()).toEqual([{ conversation: a, turn: 1 }]);
  expect(await store.lead("channel:c", false)).toBeUndefined();
  await append(store, "channel:b", 1, prompt("p1"));
  expect(await store.readAfter("channel:b", 0, 10)).toHaveLength(1);
});

test("P1 a fault in the midst of a commit undoes all of it", async () => {
  const store = await open(base);
  await Promise.all(["a", "b"].map((name) => store.lead(`channel:${name}`, true)));
  // Somebody wrote into the file by hand, where the next entry of `channel:a` belongs.
  const operator = new DatabaseSync(path.join(base, "colloquy.db"));
  operator.exec("INSERT INTO entries (conversation, n, kind, body) VALUES (1, 2, 'note', '{}')");
  const together = [
    append(store, "channel:b", 1, prompt("p1")),
    append(store, a, 1, prompt("p1"), answer(1)),
  ];
  for (const refused of together) await expect(refused).rejects.toMatchObject(unavailable);
  expect(await store.readAfter("channel:b", 0, 10)).toEqual([]);
  expect(await store.openTurns()).toEqual([]);
  operator.exec("DELETE FROM entries");
  operator.close();
  await Promise.all([
    append(store, "channel:b", 1, prompt("p1")),
    append(store, a, 1, prompt("p1"), answer(1)),
  ]);
  expect(await store.openTurns()).toHaveLength(2);
});

test("P1 a full disk refuses prompts, loses nothing that was acknowledged, and works again once there is room", async (context) => {
  if (!mount(base, "size=2m")) context.skip("only root may mount the small file system that this fills");
  const folder = path.join(base, "data");
  await mkdir(folder);
  await writeFile(path.join(base, "ballast"), Buffer.alloc(512 * 1024));
  let store = await open(folder);
  await store.lead(a, true);
  await append(store, a, 1, prompt("p1"));
  const last = await fill(store, 2);
  expect(last).toBeGreaterThan(10);
  expect((await store.readAfter(a, 0, 1000)).map(({ n }) => n).at(-1)).toBe(last);

  await store.close();
  store = await open(folder);
  expect(await store.readAfter(a, 0, 1000)).toHaveLength(last);
  await fill(store, last + 1);
  const kept = (await store.readAfter(a, 0, 1000)).length;
  await rm(path.join(base, "ballast"));
  const head = await store.lead(a, false);
  expect(head?.n).toBe(kept);
  await store.append({ conversation: a, term: head?.term ?? 0, expected: kept + 1, entries: [prompt("p2")] });
  expect(await store.findPrompt(a, "p2")).toBe(kept + 1);
});

test("P12 a disk that is full from the beginning is told as such", async (context) => {
  if (!mount(base, "size=64k")) context.skip("only root may mount the small file system that this fills");
  await writeFile(path.join(base, "ballast"), Buffer.alloc(60 * 1024));
  await expect(open(path.join(base, "data"))).rejects.toMatchObject({
    ...unavailable,
    message: expect.stringMatching(/^There is no room left in the data folder .*Free some space/),
  });
});

test("P12 a folder that cannot be written is told as such, and may be put right without another store", async () => {
  const folder = path.join(base, "file", "data");
  await writeFile(path.join(base, "file"), "a file, not a folder");
  const store = createSqliteStore({ folder, clock: systemClock, ids: systemIds, logger: silentLogger });
  stores.push(store);
  const sentence =
    /^The data folder .* cannot be written \(ENOTDIR: .*Choose a folder that this user may write to\.$/;
  await expect(store.start()).rejects.toMatchObject({
    ...unavailable,
    message: expect.stringMatching(sentence),
  });
  await expect(store.lead(a, true)).rejects.toMatchObject(unavailable);
  await rm(path.join(base, "file"));
  await store.start();
  expect(await store.lead(a, true)).toMatchObject({ term: 1 });
});

test("P12 a read-only file system is told as such", async (context) => {
  if (!mount(base, "ro")) context.skip("only root may mount a read-only file system");
  await expect(open(base)).rejects.toMatchObject({
    message: expect.stringMatching(/^The data folder .* cannot be written \(EROFS: /),
  });
});

test("P12 a damaged store is told as such and left as it is", async () => {
  await writeFile(path.join(base, "colloquy.db"), "This is no database. ".repeat(1000));
  await expect(open(base)).rejects.toMatchObject({
    ...unavailable,
    message: expect.stringMatching(
      /^The store in .* is damaged \(file is not a database\)\. Restore it from a backup/,
    ),
  });
});
