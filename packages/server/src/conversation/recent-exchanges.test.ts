import { expect, test } from "vitest";
import type { Entry } from "@colloquy/protocol";
import { RecentExchanges } from "./recent-exchanges.ts";

const exchange = (i: number, answer = `a${i}`): Entry[] => {
  const n = (i - 1) * 4 + 1;
  return [
    { kind: "prompt", n, id: `p${i}`, author: "ada", text: `q${i}`, assistant: "default", at: 0 },
    { kind: "note", about: "arbitration", turn: n, data: { sender: `Node-${i}` }, n: n + 1, at: 0 },
    { kind: "answer", turn: n, part: `${n}.1.0`, offset: 0, text: answer, n: n + 2, at: 0 },
    { kind: "turn-end", turn: n, end: "completed", n: n + 3, at: 0 },
  ];
};

const prompts = async (exchanges: AsyncIterable<{ prompt: string }>): Promise<string[]> => {
  const found: string[] = [];
  for await (const { prompt } of exchanges) found.push(prompt);
  return found;
};

/** A log, and what reads it back page by page. */
const makeLog = () => {
  const log: Entry[] = [];
  const counts = { reads: 0, fails: false };
  const readBack = async (before: number | undefined): Promise<Entry[]> => {
    counts.reads += 1;
    if (counts.fails) throw new Error("no");
    return log.filter((entry) => entry.n < (before ?? Infinity)).slice(-10);
  };
  return { log, counts, readBack };
};

test.each([
  ["a new conversation, all of it seen", 0],
  ["a conversation that was opened with a past", 30],
])("exchanges come newest first, none twice, none left out: %s", async (_what, past) => {
  const { log, counts, readBack } = makeLog();
  log.push(...Array.from({ length: past }, (_, i) => exchange(i + 1)).flat());
  const recent = new RecentExchanges(readBack, past === 0);
  for (let i = past + 1; i <= past + 40; i += 1) {
    const entries = exchange(i);
    log.push(...entries);
    recent.add(entries);
  }
  const all = Array.from({ length: past + 40 }, (_, i) => `q${past + 40 - i}`);
  expect(await prompts(recent.before(Infinity))).toEqual(all);
  const before = (past + 40 - 3) * 4 + 1;
  expect(await prompts(recent.before(before))).toEqual(all.slice(3));
  counts.reads = 0;
  for await (const { facts } of recent.before(Infinity)) {
    expect(facts).toEqual({ sender: `Node-${past + 40}` });
    break;
  }
  expect(counts.reads).toBe(0);
});

test("P5 sixteen long answers were all kept, however long; what is let go of is read back", async () => {
  const { log, counts, readBack } = makeLog();
  const recent = new RecentExchanges(readBack, true);
  for (let i = 1; i <= 10; i += 1) {
    const entries = exchange(i, "x".repeat(500_000));
    log.push(...entries);
    recent.add(entries);
  }
  const all = Array.from({ length: 10 }, (_, i) => `q${10 - i}`);
  const exchanges = recent.before(Infinity)[Symbol.asyncIterator]();
  for (let i = 0; i < 4; i += 1) await exchanges.next();
  expect(counts.reads).toBe(0);
  await exchanges.next();
  expect(counts.reads).toBeGreaterThan(0);
  expect(await prompts(recent.before(Infinity))).toEqual(all);
  const huge = exchange(11, "x".repeat(3_000_000));
  log.push(...huge);
  recent.add(huge);
  expect(await prompts(recent.before(Infinity))).toEqual(["q11", ...all]);
});

test("a turn of an earlier process that ended after its conversation had been read was left out", async () => {
  const { log, readBack } = makeLog();
  log.push(...exchange(1), ...exchange(2).slice(0, 1));
  const recent = new RecentExchanges(readBack, false);
  expect(await prompts(recent.before(Infinity))).toEqual(["q1"]);
  const rest = exchange(2).slice(1);
  log.push(...rest);
  recent.add(rest);
  expect(await prompts(recent.before(Infinity))).toEqual(["q2", "q1"]);
});

test("exchanges that could not be read once were refused for ever", async () => {
  const { log, counts, readBack } = makeLog();
  log.push(...exchange(1));
  const recent = new RecentExchanges(readBack, false);
  counts.fails = true;
  await expect(prompts(recent.before(Infinity))).rejects.toThrow("no");
  counts.fails = false;
  expect(await prompts(recent.before(Infinity))).toEqual(["q1"]);
});
