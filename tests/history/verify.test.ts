import { expect, test } from "vitest";
import type { Entry } from "@colloquy/protocol";
import { verify, type History } from "./verify.ts";
import type { Sighting } from "./witness.ts";

const prompt: Entry = { kind: "prompt", n: 1, id: "p", author: "a", text: "Hi", assistant: "default", at: 0 };

const log: Entry[] = [
  prompt,
  { kind: "answer", n: 2, turn: 1, part: "1.1.0", offset: 0, text: "Hello", at: 0 },
  { kind: "turn-end", n: 3, turn: 1, end: "completed", at: 0 },
];
const session = 1;
const good: Sighting[] = [
  { session, kind: "status", status: "started", id: "p" },
  { session, kind: "text", id: "p", offset: 0, delta: "Hel", reset: false },
  { session, kind: "text", id: "p", offset: 3, delta: "lo", reset: false },
  { session, kind: "end", id: "p", status: "completed", text: "Hello", code: undefined },
];
const history = (seen: readonly Sighting[], changed: Partial<History> = {}): History => ({
  log,
  witnesses: [{ name: "w", seen, accepted: new Set(["p"]), retold: new Set() }],
  sent: new Map([["p", "Hi"]]),
  ...changed,
});
const [told, first, second, end] = good;

test("a history that holds has no faults", () => {
  expect(verify(history(good))).toEqual([]);
});

test.each<[string, History]>([
  ["P1", history(good, { log: [], sent: new Map() })],
  ["P2", history([{ session, kind: "entry", entry: { ...prompt, text: "Ho" } }, ...good])],
  ["P2", history(good, { log: log.slice(1) })],
  ["P3", history(good, { log: log.slice(0, 2) })],
  ["P3", history([...good, ...(end ? [end] : [])])],
  ["P4", history([told, first, end].filter((one) => one !== undefined))],
  ["P4", history([told, second, first, end].filter((one) => one !== undefined))],
  ["P6", history(good, { sent: new Map([["p", "Ho"]]) })],
  ["P8", history(good.slice(1))],
])("the checker sees a broken %s", (promise, broken) => {
  expect(verify(broken).some((fault) => fault.includes(promise))).toBe(true);
});
