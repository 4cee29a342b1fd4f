import { expect, test } from "vitest";
import type { Entry } from "@colloquy/protocol";
import { Feed } from "./feed.ts";
import { placeAt } from "./place.ts";
import { step } from "./step.ts";

const entry = (n: number, text = "Go"): Entry => ({
  kind: "prompt",
  n,
  id: `p${n}`,
  author: "ada",
  text,
  assistant: "default",
  at: 0,
});

const fill = (feed: Feed, count: number, slowest: () => number, text?: string): void => {
  for (let i = 0; i < count; i += 1) feed.add([entry(feed.head + 1, text)], slowest);
};

test("P5 64 entries stay in memory when all readers have them", () => {
  const feed = new Feed();
  fill(feed, 500, () => feed.head);
  expect([feed.oldest, feed.head]).toEqual([437, 500]);
});

test("P5 what a reader is behind stays, up to a bound, and goes when it has come along", () => {
  const feed = new Feed();
  fill(feed, 500, () => 100);
  expect(feed.entry(101)).toBeDefined();
  expect(feed.entry(100)).toBeUndefined();
  fill(feed, 5_000, () => 100);
  expect(feed.head - feed.oldest + 1).toBe(2_048);
  fill(feed, 1, () => feed.head);
  expect(feed.head - feed.oldest + 1).toBe(64);
});

test("P5 long texts that a reader is behind are bounded by their size", () => {
  const feed = new Feed();
  fill(feed, 500, () => 0, "x".repeat(50_000));
  expect(feed.head - feed.oldest + 1).toBe(20);
});

test("P8 a turn that is taken up from an earlier process is told to a reader that had been told of all others", () => {
  const feed = new Feed();
  feed.add([entry(1), entry(2)], () => 2);
  const first = step(feed, placeAt(2));
  if (first.kind !== "tell") throw new Error(first.kind);
  const second = step(feed, first.place);
  if (second.kind !== "tell") throw new Error(second.kind);
  feed.add([entry(3)], () => 2);
  const third = step(feed, second.place);
  if (third.kind !== "tell") throw new Error(third.kind);
  expect(third.moment.kind).toBe("entry");
  const place = { ...third.place, texts: [] };
  expect(step(feed, place).kind).toBe("level");
  feed.turns.delete(1);
  feed.adopt({ n: 1, id: "p1", author: "a" });
  const told = step(feed, place);
  expect(told.kind === "tell" && told.moment.kind).toBe("present");
});
