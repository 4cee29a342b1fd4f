import * as fc from "fast-check";
import { expect, test } from "vitest";
import { memberSource } from "./member-source.ts";

test("the text of a member is given exactly as it was written", () => {
  const value = '{ "b":12345678901234567890, "a" : [1.0, -0, "\\u00e9 \\" ] }"], "__proto__":{"x":1} }';
  expect(memberSource(` { "x" : "}" , "payload" :  ${value}\n, "y":[{}]}`, "payload")?.source).toBe(value);
});

test("of a key that occurs twice the last counts, however it is written", () => {
  expect(memberSource('{"payload":1,"payload":2}', "payload")?.source).toBe("2");
  expect(memberSource('{"payload":1,"pay\\u006coad":"3"}', "payload")?.source).toBe('"3"');
  expect(memberSource('{"\\"payload":1,"1":{"payload":2}}', "payload")).toBeUndefined();
  expect(memberSource("{}", "payload")).toBeUndefined();
});

test("depth is counted, and a megabyte of nesting is no trouble", () => {
  expect(memberSource('{"p":"[[["}', "p")?.depth).toBe(0);
  expect(memberSource('{"p":[{},{"a":[]}]}', "p")?.depth).toBe(3);
  const deep = `${"[".repeat(500_000)}${"]".repeat(500_000)}`;
  expect(memberSource(`{"p":${deep}}`, "p")).toEqual({ source: deep, depth: 500_000 });
});

test("whatever the object, each member's text is its value again", () => {
  const spaced = fc.tuple(
    fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue()),
    fc.constantFrom("", " ", "\t"),
  );
  fc.assert(
    fc.property(spaced, ([object, indent]) => {
      const text = JSON.stringify(object, undefined, indent);
      const parsed: Record<string, unknown> = JSON.parse(text);
      for (const key of Object.keys(parsed)) {
        const source = memberSource(text, key)?.source ?? "";
        expect(text).toContain(source);
        expect(JSON.parse(source)).toStrictEqual(parsed[key]);
      }
    }),
    { verbose: 1 },
  );
});
