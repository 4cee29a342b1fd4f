import { expect, test } from "vitest";
import { closest } from "../closest.ts";
import { parseDuration } from "./duration.ts";

test.each([
  ["90s", 90],
  ["15m", 900],
  ["1h", 3_600],
  ["7d", 604_800],
  ["1", undefined],
  ["0s", undefined],
  ["-1h", undefined],
  ["1h30m", undefined],
  ["forever", undefined],
])("%s is %j seconds", (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

test("the closest word is the one that was meant, or none", () => {
  expect(closest("sevre", ["serve", "chat", "doctor"])).toBe("serve");
  expect(closest("JWT_SECRET", ["jwtSecret", "jwksUrl"])).toBe("jwtSecret");
  expect(closest("banana", ["serve", "chat"])).toBeUndefined();
});
