import * as fc from "fast-check";
import { expect, test } from "vitest";
import fromServers from "../../vectors/workers/from-servers.json" with { type: "json" };
import fromWorkers from "../../vectors/workers/from-workers.json" with { type: "json" };
import { isCode } from "../codes.ts";
import { parseServerFrame } from "./parse-server-frame.ts";
import { parseWorkerFrame } from "./parse-worker-frame.ts";

test.each(fromWorkers)("P12 vector, what a server reads: $title", ({ input, output }) => {
  expect(parseWorkerFrame(input)).toStrictEqual(output);
});

test.each(fromServers)("P12 vector, what a worker reads: $title", ({ input, output }) => {
  expect(parseServerFrame(input)).toStrictEqual(output ?? undefined);
});

const word = fc.constantFrom(
  "register",
  "claim",
  "delta",
  "final",
  "decline",
  "prompt",
  "registered",
  "error",
  "stop",
  "p\ud800",
  "__proto__",
  "",
);
const value = fc.oneof(word, fc.jsonValue(), fc.nat(), fc.string({ unit: "binary" }), fc.constant(null));
const fields = ["type", "id", "name", "text", "offset", "in_hand", "concurrency", "token", "code", "history"];
const frame = fc.record(
  { ...Object.fromEntries(fields.map((field) => [field, value])), type: fc.oneof(word, value) },
  { requiredKeys: [] },
);
const anything = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.json(),
  frame.map((made) => JSON.stringify(made)),
);

test("P12 whatever it is given, a server answers with a frame or with a code", () => {
  fc.assert(
    fc.property(anything, (source) => {
      const parsed = parseWorkerFrame(source);
      expect(parsed.ok || (isCode(parsed.code) && parsed.message !== "")).toBe(true);
      // What was understood is a frame, and means the same when it is said again.
      if (parsed.ok) expect(parseWorkerFrame(JSON.stringify(parsed.frame))).toStrictEqual(parsed);
    }),
    { numRuns: 2000, verbose: 1 },
  );
});

test("P12 whatever it is given, a worker reads a frame or nothing", () => {
  fc.assert(
    fc.property(anything, (source) => {
      const read = parseServerFrame(source);
      expect(read && parseServerFrame(JSON.stringify(read))).toStrictEqual(read);
    }),
    { numRuns: 2000, verbose: 1 },
  );
});

test("P12 a megabyte of nesting ends nothing", () => {
  const half = 500_000;
  const deep = `${"[".repeat(half)}${"]".repeat(half)}`;
  expect(parseWorkerFrame("[".repeat(2 * half))).toMatchObject({ ok: false, code: "bad_json" });
  expect(parseWorkerFrame(`{"type":"claim","id":"p","rest":${deep}}`)).toMatchObject({ ok: true });
  expect(parseServerFrame(`{"type":"stop","id":"p","rest":${deep}}`)).toEqual({ type: "stop", id: "p" });
});
