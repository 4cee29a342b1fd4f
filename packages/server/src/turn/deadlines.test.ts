import { expect, test } from "vitest";
import { classicTurnLimits, defaultTurnLimits } from "@colloquy/protocol";
import { overdue } from "./deadlines.ts";

test.each([
  ["nothing said, in time", undefined, 45_000, undefined],
  ["nothing said, too late", undefined, 45_001, "first_event_timeout"],
  ["silent for long enough", 1_000, 61_001, "silence_timeout"],
  ["talking, in time", 89_000, 90_000, undefined],
  ["talking for too long", 90_000, 90_001, "turn_timeout"],
] as const)("P3 the classic limits are 45, 60 and 90 seconds: %s", (_what, lastEventAt, now, code) => {
  expect(overdue({ startedAt: 0, paused: false, lastEventAt }, classicTurnLimits, now)).toBe(code);
});

test("P3 by default a turn may take 15 minutes, and 60 seconds for its first word", () => {
  expect(
    overdue({ startedAt: 0, paused: false, lastEventAt: undefined }, defaultTurnLimits, 60_000),
  ).toBeUndefined();
  expect(overdue({ startedAt: 0, paused: false, lastEventAt: 890_000 }, defaultTurnLimits, 900_001)).toBe(
    "turn_timeout",
  );
});

test("P3 queued and waiting time stands still, but not for ever", () => {
  const waiting = { startedAt: 0, paused: true, lastEventAt: undefined };
  expect(overdue(waiting, classicTurnLimits, 360_000)).toBeUndefined();
  expect(overdue(waiting, classicTurnLimits, 360_001)).toBe("turn_timeout");
});
