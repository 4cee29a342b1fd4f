import { expect, test } from "vitest";
import { systemClock } from "./clock.ts";
import { createRateLimit } from "./rate-limit.ts";

const clockAt = (time: { now: number }) => ({ ...systemClock, monotonic: () => time.now });

test("P5 a minute's worth may be taken at once, then as many as come back with time", () => {
  const time = { now: 0 };
  const limit = createRateLimit(60, clockAt(time));
  const takeAll = (): number => {
    let taken = 0;
    while (limit.take("a")) taken += 1;
    return taken;
  };
  expect(takeAll()).toBe(60);
  time.now += 2500;
  expect(takeAll()).toBe(2);
  time.now += 500;
  expect(takeAll()).toBe(1);
  time.now += 600_000;
  expect(takeAll()).toBe(60);
});

test("P5 one key's use is nothing to another, however many there are", () => {
  const time = { now: 0 };
  const limit = createRateLimit(1, clockAt(time));
  for (let i = 0; i < 5000; i += 1) expect(limit.take(`user ${i}`)).toBe(true);
  expect(limit.take("user 0")).toBe(false);
  expect(limit.take("user 4999")).toBe(false);
});

test("Infinity is no limit", () => {
  const limit = createRateLimit(Infinity, systemClock);
  for (let i = 0; i < 5000; i += 1) expect(limit.take("a")).toBe(true);
});
