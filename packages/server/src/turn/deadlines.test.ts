import { expect, test } from "vitest";
import { classicTurnLimits, defaultTurnLimits } from "@colloquy/protocol";
import { manualClock } from "../../../../tests/stand-ins/manual-clock.ts";
import { Deadlines, newProgress, overdue, toolBegan, toolEnded } from "./deadlines.ts";

test.each([
  ["nothing said, in time", undefined, 45_000, undefined],
  ["nothing said, too late", undefined, 45_001, "first_event_timeout"],
  ["silent for long enough", 1_000, 61_001, "silence_timeout"],
  ["talking, in time", 89_000, 90_000, undefined],
  ["talking for too long", 90_000, 90_001, "turn_timeout"],
] as const)("P3 the classic limits are 45, 60 and 90 seconds: %s", (_what, lastEventAt, now, code) => {
  expect(overdue({ ...newProgress(0), lastEventAt }, classicTurnLimits, now)).toBe(code);
});

test("P3 by default a turn may take 15 minutes, and 60 seconds for its first word", () => {
  expect(overdue(newProgress(0), defaultTurnLimits, 60_000)).toBeUndefined();
  expect(overdue({ ...newProgress(0), lastEventAt: 890_000 }, defaultTurnLimits, 900_001)).toBe(
    "turn_timeout",
  );
});

test("P3 queued and waiting time stands still, but not for ever", () => {
  const waiting = { ...newProgress(0), paused: true };
  expect(overdue(waiting, classicTurnLimits, 360_000)).toBeUndefined();
  expect(overdue(waiting, classicTurnLimits, 360_001)).toBe("turn_timeout");
});

test("P3 a turn's time stands still while its tools run, and its silence begins anew after them", () => {
  const progress = newProgress(0);
  progress.lastEventAt = 10_000;
  toolBegan(progress, 10_000);
  toolBegan(progress, 20_000);
  toolEnded(progress, 30_000);
  expect(overdue(progress, classicTurnLimits, 10_000_000)).toBeUndefined();
  toolEnded(progress, 110_000);
  expect(overdue(progress, classicTurnLimits, 170_000)).toBeUndefined();
  expect(overdue(progress, classicTurnLimits, 170_001)).toBe("silence_timeout");
  progress.lastEventAt = 190_000;
  expect(overdue(progress, classicTurnLimits, 190_000)).toBeUndefined();
  expect(overdue(progress, classicTurnLimits, 190_001)).toBe("turn_timeout");
});

test("P3 a turn that runs on has what it ran before behind it; each call to a model has its first event to wait for", () => {
  const progress = newProgress(0, 80_000);
  expect(overdue(progress, classicTurnLimits, 10_001)).toBe("turn_timeout");
  Object.assign(progress, newProgress(0), { askedAt: 40_000, lastEventAt: undefined });
  expect(overdue(progress, classicTurnLimits, 85_000)).toBeUndefined();
  expect(overdue(progress, classicTurnLimits, 85_001)).toBe("first_event_timeout");
});

test("P10 an alarm rings once, on the shared tick after its moment, unless it was taken back", () => {
  const clock = manualClock(0);
  const deadlines = new Deadlines(clock);
  deadlines.start();
  const rung: string[] = [];
  deadlines.alarm(1_000, () => rung.push("kept"));
  deadlines.alarm(1_000, () => rung.push("taken back"))();
  clock.advance(999);
  expect(rung).toEqual([]);
  clock.advance(2_000);
  deadlines.close();
  expect([rung, clock.pending]).toEqual([["kept"], 0]);
});
