import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createPatternMatcher, matchesPattern } from "./pattern.ts";

const cases: readonly (readonly [pattern: string, name: string, fits: boolean])[] = [
  ["*", "team", true],
  ["*", "", true],
  ["*", "chat:1", false],
  ["chat:*", "chat:1", true],
  ["chat:*", "chat:1:2", false],
  ["chat:*:2", "chat:1:2", true],
  ["*:*", "chat:1", true],
  ["team-*", "team-", true],
  ["team-*", "team", false],
  ["*-ops", "team-ops", true],
  ["*-ops", "team-ops-", false],
  ["a*b*c", "aXbYbZc", true],
  ["a*b*c", "acb", false],
  ["a*", "b", false],
  ["", "", true],
  ["", "a", false],
  ["a.c", "abc", false],
  ["(a+)+", "aaaa", false],
  ["a*a", "a", false],
  ["**", "ab", true],
];

test.each(cases)("P11 pattern %j on name %j: %j", (pattern, name, fits) => {
  expect(matchesPattern(pattern, name)).toBe(fits);
  expect(createPatternMatcher()([pattern], name)).toBe(fits);
});

/** The same meaning, by a regular expression: slow on bad patterns, right on small ones. */
const slowly = (pattern: string, name: string): boolean =>
  new RegExp(
    `^${pattern
      .split("*")
      .map((piece) => piece.replaceAll(/[^a-z]/g, String.raw`\$&`))
      .join("[^:]*")}$`,
  ).test(name);

test("P11 patterns mean what a regular expression says", () => {
  const letters = fc
    .array(fc.constantFrom("a", "b", ":", "*"), { maxLength: 10 })
    .map((list) => list.join(""));
  const name = fc.array(fc.constantFrom("a", "b", ":"), { maxLength: 10 }).map((list) => list.join(""));
  fc.assert(
    fc.property(letters, name, (pattern, text) => {
      expect(matchesPattern(pattern, text)).toBe(slowly(pattern, text));
    }),
    { numRuns: 5_000 },
  );
});

test("P11 no star takes a colon", () => {
  const text = fc.array(fc.constantFrom("a", "b", "*"), { maxLength: 8 }).map((list) => list.join(""));
  fc.assert(
    fc.property(text, text, text, (pattern, left, right) => {
      expect(matchesPattern(pattern, `${left}:${right}`)).toBe(false);
    }),
  );
});

test("P5 a pattern made to be slow comes to an end", () => {
  // A matcher that tries every star again would be at this for longer than the sun has left.
  expect(matchesPattern(`${"a*".repeat(100)}b`, "a".repeat(256))).toBe(false);
  expect(matchesPattern(`${"*a".repeat(100)}*:b`, `${"a".repeat(255)}:`)).toBe(false);
});

test("P11 a list of names and patterns grants what any of them grants, each list for itself", () => {
  const matches = createPatternMatcher();
  const mine = ["lobby", "team-*", "chat:7"];
  expect(["lobby", "team-a", "chat:7", "chat:8", "other"].map((name) => matches(mine, name))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
  expect(matches([], "lobby")).toBe(false);
  expect(matches(mine, "lobby")).toBe(true);
});
