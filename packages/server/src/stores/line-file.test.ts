import { mkdtemp, open, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type LineFile, type OpenFile, openLineFile } from "./line-file.ts";

let folder: string;
const file = (): string => path.join(folder, "lines");

/** A disk that takes only so many bytes in each write (nothing: it is full) and fails in truncating when told. */
const disk = (room: number[], truncates: boolean[] = []): OpenFile => {
  const full = (): never => {
    throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
  };
  return async (...options) => {
    const real = await open(...options);
    return {
      read: (...to) => real.read(...to),
      async write(bytes, offset, length, position) {
        const left = room.shift() ?? Infinity;
        if (left === 0) full();
        // A short write first, as systems do it, and the fault with the next.
        if (left < length) room.unshift(0);
        return real.write(bytes, offset, Math.min(left, length), position);
      },
      async truncate(length) {
        if (truncates.shift() === false) full();
        return real.truncate(length);
      },
      close: () => real.close(),
    };
  };
};

const read = async (): Promise<string[]> => {
  const from = await openLineFile(file(), false);
  const lines: string[] = [];
  for await (const line of from.lines()) lines.push(line);
  await from.close();
  return lines;
};
const succeeds = (done: Promise<void>): Promise<boolean> =>
  done.then(
    () => true,
    () => false,
  );

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "colloquy-lines-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("is for its owner's eyes only, and keeps what was there unless it is to be fresh", async () => {
  for (const [fresh, expected] of [
    [false, ["one"]],
    [false, ["one", "one"]],
    [true, ["one"]],
  ] as const) {
    const lines = await openLineFile(file(), fresh);
    for await (const _ of lines.lines()) expect(fresh).toBe(false);
    await lines.append("one\n");
    await lines.close();
    expect(await read()).toEqual(expected);
  }
  expect((await stat(file())).mode & 0o777).toBe(0o600);
});

test("a torn end is not read, and does not come back behind a shorter append", async () => {
  await writeFile(file(), "one\ntorn and\r\u2028 long");
  const lines = await openLineFile(file(), false);
  for await (const line of lines.lines()) expect(line).toBe("one");
  await lines.append("two\n");
  await lines.close();
  expect(await read()).toEqual(["one", "two"]);
});

test("reads lines that are longer than what it reads at once", async () => {
  const long = "ü".repeat(1_500_000);
  await writeFile(file(), `${long}\n${long}!\n\nshort\n`);
  const lines = await read();
  expect(lines.map((line) => line.length)).toEqual([long.length, long.length + 1, 0, 5]);
  expect(lines[1] === `${long}!`).toBe(true);
});

test.each([
  ["the cut succeeds", []],
  ["the cut fails at first", [false]],
])(
  "an append that was taken in part is cut off again, so that a shorter one hides nothing behind it (%s)",
  async (_, cuts) => {
    const lines: LineFile = await openLineFile(file(), true, disk([Infinity, 12], cuts));
    await lines.append("one\n");
    await expect(lines.append("refused 1\nrefused 2\n")).rejects.toThrow("ENOSPC");
    await lines.append("2\n");
    await lines.close();
    expect(await read()).toEqual(["one", "2"]);
  },
);

test("however a disk fails, what was appended is read back, in order, and behind it at most the beginning of a refusal", async () => {
  const room = fc.array(fc.oneof(fc.constant(Infinity), fc.nat({ max: 30 })), { maxLength: 30 });
  const cuts = fc.array(fc.boolean(), { maxLength: 20 });
  const appends = fc.array(
    fc.array(fc.string({ unit: "grapheme-ascii", maxLength: 12 }), { minLength: 1, maxLength: 4 }),
    {
      maxLength: 15,
    },
  );
  const property = fc.asyncProperty(room, cuts, appends, async (rooms, truncates, all) => {
    const lines = await openLineFile(file(), true, disk([...rooms], [...truncates]));
    const kept: string[] = [];
    /** Since the last that was taken. */
    let refused: string[][] = [];
    for (const some of all) {
      const taken = await succeeds(lines.append(some.map((line) => `${line}\n`).join("")));
      if (taken) kept.push(...some);
      refused = taken ? [] : [...refused, some];
    }
    await lines.close();
    const back = await read();
    expect(back.slice(0, kept.length)).toEqual(kept);
    const rest = back.slice(kept.length);
    const beginsOne = refused.some((some) => rest.every((line, index) => line === some[index]));
    expect(rest.length === 0 || beginsOne).toBe(true);
  });
  await fc.assert(property, { numRuns: 200 });
});
