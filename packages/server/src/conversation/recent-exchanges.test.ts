import { expect, test } from "vitest";
import type { Entry } from "@colloquy/protocol";
import { RecentExchanges } from "./recent-exchanges.ts";

const exchange = (i: number): Entry[] => {
  const n = (i - 1) * 4 + 1;
  return [
    { kind: "prompt", n, id: `p${i}`, author: "ada", text: `q${i}`, assistant: "default", at: 0 },
    { kind: "note", about: "arbitration", turn: n, data: { sender: `Node-${i}` }, n: n + 1, at: 0 },
    { kind: "answer", turn: n, part: `${n}.1.0`, offset: 0, text: `a${i}`, n: n + 2, at: 0 },
    { kind: "turn-end", turn: n, end: "completed", n: n + 3, at: 0 },
  ];
};

const prompts = async (exchanges: AsyncIterable<{ prompt: string }>): Promise<string[]> => {
  const found: string[] = [];
  for await (const { prompt } of exchanges) found.push(prompt);
  return found;
};

test.each([
  ["a new conversation, all of it seen", 0],
  ["a conversation that was opened with a past", 30],
])("exchanges come newest first, none twice, none left out: %s", async (_what, past) => {
  const log: Entry[] = Array.from({ length: past }, (_, i) => exchange(i + 1)).flat();
  let reads = 0;
  const readBack = async (before: number | undefined): Promise<Entry[]> => {
    reads += 1;
    return log.filter((entry) => entry.n < (before ?? Infinity)).slice(-10);
  };
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
  reads = 0;
  for await (const { facts } of recent.before(Infinity)) {
    expect(facts).toEqual({ sender: `Node-${past + 40}` });
    break;
  }
  expect(reads).toBe(0);
});
