import { expect, test } from "vitest";
import { connectionWords, secondsUntil } from "./connection-words.ts";

test("nothing is said of a connection that is fine", () => {
  expect(connectionWords({ phase: "open", attempt: 0 })).toBeUndefined();
  expect(connectionWords({ phase: "idle", attempt: 0 })).toBeUndefined();
});

test("P12 a connection that was refused says why", () => {
  expect(connectionWords({ phase: "closed", attempt: 1, reason: "Too many connections." })).toBe(
    "Too many connections.",
  );
  expect(connectionWords({ phase: "closed", attempt: 1 })).toBeTruthy();
});

test("a lost one says so, and a first one does not claim to be lost", () => {
  expect(connectionWords({ phase: "waiting", attempt: 2, retryAt: 5 })).toContain("lost");
  expect(connectionWords({ phase: "connecting", attempt: 2 })).toContain("lost");
  expect(connectionWords({ phase: "connecting", attempt: 0 })).not.toContain("lost");
});

test("a countdown never stands at zero", () => {
  expect([3_000, 2_001, 1, 0, -500].map((at) => secondsUntil(at, 0))).toEqual([3, 3, 1, 1, 1]);
});
