import type { CallView } from "@colloquy/client";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { argumentsLine, argumentsText, callWords } from "./call-words.ts";
import { segmentsOf } from "./segments.ts";

const call = (more: Partial<CallView>): CallView => ({
  id: "c",
  name: "pay",
  arguments: "{}",
  state: "running",
  at: 0,
  ...more,
});

test("calls stand between the texts where they were made", () => {
  const [a, b, c] = [call({ id: "a", at: 3 }), call({ id: "b", at: 3 }), call({ id: "c", at: 99 })];
  expect(segmentsOf("One two", [a, b, c])).toEqual([
    { kind: "text", at: 0, text: "One" },
    { kind: "calls", at: 3, calls: [a, b] },
    { kind: "text", at: 3, text: " two" },
    { kind: "calls", at: 7, calls: [c] },
  ]);
  expect(segmentsOf("", [a])).toEqual([{ kind: "calls", at: 0, calls: [a] }]);
  expect(segmentsOf("Only text")).toEqual([{ kind: "text", at: 0, text: "Only text" }]);
});

test("nothing of a text is lost or said twice, wherever calls stand", () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.nat({ max: 40 })), (text, places) => {
      const segments = segmentsOf(
        text,
        places.map((at, i) => call({ id: `${i}`, at })),
      );
      const said = segments.map((segment) => (segment.kind === "text" ? segment.text : "")).join("");
      expect(said.replace(/\s/g, "")).toBe(text.replace(/\s/g, ""));
      expect(segments.flatMap((segment) => (segment.kind === "calls" ? segment.calls : []))).toHaveLength(
        places.length,
      );
    }),
  );
});

test.each([
  [call({ state: "waiting", until: 1_000 + 300_000 }), "waits for approval · 5 min left"],
  [call({ state: "waiting", until: 1_000 + 30_000 }), "waits for approval · 30 s left"],
  [call({ state: "waiting", until: 1_000 + 86_400_000 }), "waits for approval · 24 h left"],
  [call({ state: "waiting" }), "waits for approval"],
  [call({ state: "running", by: "ann" }), "approved by ann"],
  [call({ runs: "client" }), "runs in the asker's program"],
  [call({ state: "done", startedAt: 0, endedAt: 1_200 }), "done · 1.2 s"],
  [call({ state: "done", by: "ann", startedAt: 0, endedAt: 1_200 }), "done, approved by ann"],
  [call({ state: "denied", by: "bob" }), "denied by bob"],
  [call({ state: "expired" }), "nobody decided in time"],
])("%j", (one, words) => {
  expect(callWords(one, 1_000)).toBe(words);
});

test("arguments are shown whole and in a line, also when they are no JSON", () => {
  expect(argumentsText("{}")).toBe("");
  expect(argumentsText('{"a":1}')).toBe('{\n  "a": 1\n}');
  expect(argumentsText("{oops")).toBe("{oops");
  expect(argumentsLine('{"eur":5,"to":"ann"}')).toBe('eur: 5, to: "ann"');
  expect(argumentsLine("{oops")).toBe("{oops");
});

test("P11 whoever approves a call sees what is hidden in it, and one argument as one", () => {
  const turned = JSON.stringify({ to: "\u202enna", note: "a\u200bb", 'to: "ann", x': 1 });
  const line = 'to: "\\u{202e}nna", note: "a\\u{200b}b", "to: \\"ann\\", x": 1';
  expect(argumentsLine(turned)).toBe(line);
  expect(argumentsText(turned)).toContain('"\\u{202e}nna"');
  expect(argumentsText("oops \u202e\u009b")).toBe("oops \\u{202e}\\u{9b}");
  expect(argumentsLine('{"who":"👩‍👧 é می‌خواهم"}')).toBe('who: "👩‍👧 é می‌خواهم"');
});
