import * as fc from "fast-check";
import { expect, test } from "vitest";
import { matchesPattern } from "../../../server/src/auth/pattern.ts";
import { channelGrants, isGranted, namedChannels } from "./channel-grants.ts";

const tokenOf = (claims: object): string =>
  `h.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.s`;

const grantsOf = (channels: object) => channelGrants(tokenOf({ sub: "ada", channels }));

test("what a token grants is known; what it does not list is not granted", () => {
  const grants = grantsOf({ read: ["lobby", "team-*"], prompt: ["team-*"], stop: "all", approve: [1] });
  expect(isGranted(grants, "read", "lobby")).toBe(true);
  expect(isGranted(grants, "prompt", "lobby")).toBe(false);
  expect(isGranted(grants, "prompt", "team-7")).toBe(true);
  expect(isGranted(grants, "stop", "team-7")).toBe(false);
  expect(isGranted(grants, "approve", "1")).toBe(false);
});

test("a token that does not say what it grants may grant anything", () => {
  for (const token of ["opaque", tokenOf({}), tokenOf({ channels: 7 })])
    expect(isGranted(channelGrants(token), "prompt", "lobby")).toBe(true);
});

test("channels with names of their own are known, those to ask in first", () => {
  const grants = grantsOf({ read: ["news", "lobby", "team-*", "lobby"], prompt: ["lobby"] });
  expect(namedChannels(grants)).toEqual(["lobby", "news"]);
  expect(namedChannels(undefined)).toEqual([]);
});

test("P11 patterns are read here as the server reads them", () => {
  const letters = fc.constantFrom("a", "b", ":", ".", "*");
  const names = fc.array(letters, { maxLength: 10 }).map((chars) => chars.join(""));
  fc.assert(
    fc.property(names, names, (pattern, name) => {
      expect(isGranted(grantsOf({ read: [pattern] }), "read", name)).toBe(matchesPattern(pattern, name));
    }),
    { numRuns: 5_000 },
  );
});
