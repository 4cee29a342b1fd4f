import { appendFile, mkdtemp, open, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { silentLogger } from "../kernel/logger.ts";
import { createFileJournal, type FileJournalOptions } from "./file-journal.ts";
import { type JournalUnderTest, liveJournalContract, record } from "./live-journal.contract.ts";
import type { OpenFile } from "./line-file.ts";
import type { LiveJournal } from "./live-journal.ts";

const create = async (folder: string, before: LiveJournal[] = []): Promise<JournalUnderTest> => {
  const journal = createFileJournal({ folder, logger: silentLogger, limitBytes: 2000 });
  return {
    journal,
    left: await journal.start(),
    restart: () => create(folder, [...before, journal]),
    async remove() {
      // Those that were left open on the way hold a file that has long been replaced.
      for (const left of [...before, journal]) await left.close();
      await rm(folder, { recursive: true });
    },
  };
};

const newFolder = (): Promise<string> => mkdtemp(path.join(tmpdir(), "colloquy-journal-"));

liveJournalContract("file", async () => create(await newFolder()));

let folder: string;
const file = (): string => path.join(folder, "live.journal");
const journalHere = (options: Partial<FileJournalOptions> = {}) =>
  createFileJournal({ folder, logger: silentLogger, ...options });
/** What a fresh start reads: the text of each turn. */
const texts = async (): Promise<Record<number, string>> => {
  const journal = journalHere();
  const left = await journal.start();
  await journal.close();
  return Object.fromEntries(left.map(({ turn, text }) => [turn, text]));
};

beforeEach(async () => {
  folder = await newFolder();
});
afterEach(() => rm(folder, { recursive: true }));

test("P4 a torn last line is ignored, and what follows it later is not spoilt", async () => {
  const first = journalHere();
  await first.start();
  await first.write([record(1, 0, "Hello")]);
  await appendFile(file(), '{"c":"channel:a","t":1,"o":5,"x":" wor');
  const second = journalHere();
  expect(await second.start()).toMatchObject([{ text: "Hello" }]);
  await second.write([record(1, 5, " you")]);
  expect(await texts()).toEqual({ 1: "Hello you" });
  await first.close();
  await second.close();
});

test("lines that cannot be read are passed over and logged", async () => {
  const line = (fields: object): string => `${JSON.stringify(fields)}\n`;
  const nonsense = [
    "\u0000\u0000\n",
    "null\n",
    "[]\n",
    line({ c: 1 }),
    line({ c: "channel:a", t: 1, x: 5 }),
    "\n",
  ];
  await writeFile(
    file(),
    line({ c: "channel:a", t: 1, x: "Hello" }) + nonsense.join("") + line({ c: "channel:a", t: 2, x: "you" }),
  );
  const warned: object[] = [];
  const journal = journalHere({ logger: { ...silentLogger, warn: (fields) => void warned.push(fields) } });
  expect((await journal.start()).map(({ text }) => text)).toEqual(["Hello", "you"]);
  expect(warned).toEqual([{ folder, lines: nonsense.length }]);
  await journal.close();
});

test("P5 the file is rewritten to what is live when it grows too long", async () => {
  const journal = journalHere({ limitBytes: 10_000 });
  await journal.start();
  await journal.write([record(1, 0, "kept")]);
  let largest = 0;
  for (let turn = 2; turn < 200; turn += 1) {
    await journal.write([record(turn, 0, "x".repeat(500))]);
    journal.forget("channel:a", turn);
    largest = Math.max(largest, (await stat(file())).size);
  }
  expect(largest).toBeLessThan(11_000);
  expect(Object.keys(await texts())).toEqual(["1", "199"]);
  expect((await stat(file())).mode & 0o777).toBe(0o600);
  await journal.close();
});

test("P12 a disk that fails in the midst of a write refuses it, and spoils nothing that is written before or after", async () => {
  // How many bytes the next writes take before the disk is full; beyond the list it is not.
  const room = fc.array(fc.option(fc.nat({ max: 400 }), { nil: Infinity, freq: 1 }), { maxLength: 20 });
  const property = fc.asyncProperty(
    room,
    fc.array(fc.string({ maxLength: 100 }), { maxLength: 20 }),
    async (rooms, said) => {
      const rest = [...rooms];
      const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
      const failing: OpenFile = async (...options) => {
        const real = await open(...options);
        let truncates = 0;
        return {
          read: (...to) => real.read(...to),
          async write(bytes, offset, length, position) {
            const left = rest.shift() ?? Infinity;
            if (left === 0) throw full;
            // A short write first, as the system does it, then the fault.
            if (left < length) rest.unshift(0);
            return real.write(bytes, offset, Math.min(left, length), position);
          },
          async truncate(length) {
            truncates += 1;
            if (truncates % 3 === 2) throw full;
            return real.truncate(length);
          },
          close: () => real.close(),
        };
      };
      await rm(file(), { force: true });
      const journal = journalHere({ open: failing, limitBytes: 500 });
      await journal.start();
      let acknowledged = "";
      let whole = "";
      for (const piece of said) {
        whole += piece;
        // What was refused is written again together with what came since.
        const unsaid = record(1, acknowledged.length, whole.slice(acknowledged.length));
        const written = await journal.write([unsaid]).then(
          () => true,
          (error: unknown) => {
            expect(error).toMatchObject({ code: "store_unavailable" });
            return false;
          },
        );
        if (written) acknowledged = whole;
      }
      // No close: what a kill -9 would leave.
      const back = (await texts())[1] ?? "";
      expect(back.startsWith(acknowledged)).toBe(true);
      expect(whole.startsWith(back)).toBe(true);
      await journal.close();
    },
  );
  await fc.assert(property, { numRuns: 200 });
});

test("P5 an end whose write was refused is written with the next", async () => {
  let full = false;
  const failing: OpenFile = async (...options) => {
    const real = await open(...options);
    return {
      read: (...to) => real.read(...to),
      write: (...from) => (full ? Promise.reject(new Error("EIO: i/o error, write")) : real.write(...from)),
      truncate: (length) => real.truncate(length),
      close: () => real.close(),
    };
  };
  const journal = journalHere({ open: failing });
  await journal.start();
  await journal.write([record(1, 0, "one"), record(2, 0, "two")]);
  journal.forget("channel:a", 1);
  full = true;
  await expect(journal.write([record(2, 3, "!")])).rejects.toMatchObject({ code: "store_unavailable" });
  full = false;
  await journal.write([record(2, 3, "!")]);
  expect(await texts()).toEqual({ 2: "two!" });
  await journal.close();
});

test("P12 a folder that cannot be written is told as such", async () => {
  await writeFile(file(), "");
  const journal = createFileJournal({ folder: path.join(file(), "data"), logger: silentLogger });
  await expect(journal.start()).rejects.toMatchObject({
    code: "store_unavailable",
    message: expect.stringMatching(/^The data folder .* cannot be written \(ENOTDIR: /),
  });
  await journal.close();
});

test("a line is JSON that a person can read", async () => {
  const journal = journalHere();
  await journal.start();
  await journal.write([record(1, 0, 'He said "hi"\n'), record(1, 3, "😀", 1)]);
  journal.forget("channel:a", 1);
  await journal.close();
  expect(
    (await readFile(file(), "utf8"))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { c: "channel:a", t: 1, o: 0, x: 'He said "hi"\n' },
    { c: "channel:a", t: 1, o: 3, r: 1, x: "😀" },
    { c: "channel:a", t: 1, f: 1 },
  ]);
});
