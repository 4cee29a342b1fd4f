import { expect, test } from "vitest";
import { duration } from "./duration.ts";
import { relativeTime } from "./relative-time.ts";

const now = new Date(2026, 10, 20, 15, 0).getTime();
const at = (...parts: [number, number, number, number, number]): number => new Date(...parts).getTime();

test.each([
  ["now", now - 59_000],
  ["now", now + 5_000],
  ["1 min", now - 60_000],
  ["59 min", now - 3_599_000],
  ["3 h", at(2026, 10, 20, 11, 30)],
  ["14 h", at(2026, 10, 20, 0, 30)],
  ["yesterday", at(2026, 10, 19, 8, 0)],
  ["Monday", at(2026, 10, 16, 8, 0)],
  ["Nov 13", at(2026, 10, 13, 8, 0)],
  ["Dec 31, 2025", at(2025, 11, 31, 8, 0)],
])("says %s", (words, then) => {
  expect(relativeTime(then, now, "en-US")).toBe(words);
});

test.each([
  ["0.0 s", -5],
  ["0.8 s", 812],
  ["9.9 s", 9_940],
  ["10 s", 9_990],
  ["59 s", 59_400],
  ["1 min", 60_000],
  ["2 min 5 s", 125_000],
])("a span of %s", (words, ms) => {
  expect(duration(ms)).toBe(words);
});
