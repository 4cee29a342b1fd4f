import * as fc from "fast-check";
import { expect, test } from "vitest";
import vectors from "../../vectors/channels/parse.json" with { type: "json" };
import { isCode } from "../codes.ts";
import { parseClientFrame, type ParsedFrame } from "./parse.ts";

test.each(vectors)("P12 vector: $title", ({ input, output }) => {
  expect(parseClientFrame(input)).toStrictEqual(output);
});

test("P12 a megabyte of nesting is refused or relayed, and ends nothing", () => {
  const half = 500_000;
  const deep = `${"[".repeat(half)}${"]".repeat(half)}`;
  expect(parseClientFrame("[".repeat(2 * half))).toMatchObject({ ok: false, code: "bad_json" });
  expect(parseClientFrame(deep)).toMatchObject({ ok: false, code: "bad_frame" });
  expect(parseClientFrame(`{"channel":"a","payload":{"x":${deep}}}`)).toMatchObject({ code: "bad_frame" });
  expect(parseClientFrame(`{"channel":"a","message":"x","rest":${deep}}`)).toMatchObject({ ok: true });
});

const wellFormedIn = (parsed: ParsedFrame): boolean =>
  Object.values(parsed.ok ? { ...parsed.frame, json: "", cursor: "", token: "" } : parsed).every(
    (value) => typeof value !== "string" || value.isWellFormed(),
  );

const word = fc.constantFrom(
  "subscription",
  "connection",
  "a",
  "subscribe",
  "prompt",
  "history",
  "x\ud800",
  "__proto__",
  "",
);
const value = fc.oneof(word, fc.jsonValue(), fc.string({ unit: "binary" }), fc.constant(null), fc.double());
const fields = [
  "action",
  "channel",
  "id",
  "message",
  "message_id",
  "cursor",
  "mode",
  "history",
  "status",
  "token",
];
const object = (more: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record({ ...Object.fromEntries(fields.map((key) => [key, value])), ...more }, { requiredKeys: [] });
const frame = object({ type: value, payload: fc.oneof(object({}), value) });

test("P12 whatever it is given, it answers with a frame or with a code, in well-formed words", () => {
  const anything = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json(),
    frame.map((made) => JSON.stringify(made)),
  );
  fc.assert(
    fc.property(anything, (source) => {
      const parsed = parseClientFrame(source);
      expect(parsed.ok || (isCode(parsed.code) && parsed.message !== "")).toBe(true);
      expect(wellFormedIn(parsed)).toBe(true);
    }),
    { numRuns: 2000, verbose: 1 },
  );
});

test("a published payload is relayed as the same JSON value", () => {
  const payload = fc.dictionary(fc.string(), fc.jsonValue()).filter((made) => !("action" in made));
  fc.assert(
    fc.property(payload, fc.constantFrom("", "  ", "\n"), (made, indent) => {
      const parsed = parseClientFrame(JSON.stringify({ payload: made, channel: "a" }, undefined, indent));
      const json = parsed.ok && parsed.frame.kind === "publish" ? parsed.frame.json : "";
      expect(JSON.parse(json)).toStrictEqual(JSON.parse(JSON.stringify(made)));
    }),
    { verbose: 1 },
  );
});

test("the list of conversations goes on behind one with the longest name", () => {
  const before = `1790000000000.channel:${"n".repeat(256)}`;
  const frame = { channel: "connection", payload: { action: "conversations", before } };
  expect(parseClientFrame(JSON.stringify(frame))).toMatchObject({ ok: true, frame: { before } });
});
