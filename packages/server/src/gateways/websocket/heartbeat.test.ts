import { expect, test } from "vitest";
import { beat, newPulse, sweepEvery } from "./heartbeat.ts";

const settings = { pingEveryMs: 30_000, silenceMs: 120_000 };

test("a silent connection is pinged every 30 s and given up after 120 s; any byte starts the count anew", () => {
  const pulse = newPulse(0, settings);
  const signs: Record<number, string> = {};
  for (let now = 1_000; now <= 400_000; now += 1_000) {
    const sign = beat(pulse, now < 100_000 ? 0 : 1, now, settings);
    if (sign !== "rest") signs[now / 1000] = sign;
    if (sign === "dead") break;
  }
  expect(signs).toEqual({
    30: "ping",
    60: "ping",
    90: "ping",
    120: "ping",
    150: "ping",
    180: "ping",
    210: "ping",
    220: "dead",
  });
});

test("the shared timer looks often enough, and never all the time", () => {
  expect(sweepEvery(30_000, 120_000, 10_000)).toBe(1_000);
  expect(sweepEvery(30_000, 1_600)).toBe(200);
  expect(sweepEvery(1)).toBe(10);
});
