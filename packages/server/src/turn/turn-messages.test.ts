import fc from "fast-check";
import { expect, test } from "vitest";
import type { Entry, NewEntry } from "@colloquy/protocol";
import type { ModelMessage } from "../models/model.ts";
import { turnMessages } from "./turn-messages.ts";

const numbered = (entries: readonly NewEntry[]): Entry[] =>
  entries.map((entry, i): Entry => ({ ...entry, n: i + 2 }));
const turn = 1;
const at = 0;
const answer = (text: string, step = 1): NewEntry => ({
  kind: "answer",
  turn,
  at,
  part: "1.1.0",
  offset: 0,
  text,
  step,
});
const call = (k: number, step = 1, args = "{}"): NewEntry => ({
  kind: "tool-call",
  turn,
  at,
  callId: `call_1_${k}`,
  name: "t",
  arguments: args,
  step,
  native: { model: "test:a", data: { sign: k } },
});
const result = (k: number, content = `r${k}`): NewEntry => ({
  kind: "tool-result",
  turn,
  at,
  callId: `call_1_${k}`,
  outcome: "result",
  content,
});
const thought = (model: string, step = 1): NewEntry => ({
  kind: "reasoning",
  turn,
  at,
  part: "1.1.0",
  text: "hm",
  step,
  native: { model, data: {} },
});

test("a turn is told by the calls to its model, however its results came in between", () => {
  const entries = [answer("a"), call(1), result(1), answer("b"), call(2), result(2), answer("c", 2)];
  expect(turnMessages(numbered(entries))).toEqual([
    {
      role: "assistant",
      text: "ab",
      calls: [
        { callId: "call_1_1", name: "t", arguments: "{}" },
        { callId: "call_1_2", name: "t", arguments: "{}" },
      ],
    },
    { role: "tool", callId: "call_1_1", name: "t", text: "r1" },
    { role: "tool", callId: "call_1_2", name: "t", text: "r2" },
    { role: "assistant", text: "c" },
  ]);
});

test("what a model signed goes back to it within its own turn, and to nobody else", () => {
  const entries = numbered([thought("test:a"), thought("test:b"), call(1), result(1)]);
  const [own] = turnMessages(entries, { model: "test:a" });
  expect(own).toMatchObject({
    reasoning: [{ text: "hm", native: { model: "test:a" } }],
    calls: [{ native: { model: "test:a", data: { sign: 1 } } }],
  });
  for (const other of [turnMessages(entries, { model: "test:c" }), turnMessages(entries)])
    expect(JSON.stringify(other)).not.toContain("native");
});

test("thoughts of an attempt that a crash ended are not given back", () => {
  const again: NewEntry = { kind: "note", about: "attempt", attempt: 2, turn, at };
  const entries = numbered([thought("test:a"), again, call(1), result(1)]);
  expect(turnMessages(entries, { model: "test:a" })[0]).not.toHaveProperty("reasoning");
});

test.each([["not json"], ["[1]"], ["null"], ['"text"'], ["\ud800"]])(
  "P10 arguments that are no object (%s) are given to no provider",
  (args) => {
    expect(turnMessages(numbered([call(1, 1, args), result(1)]))[0]).toMatchObject({
      calls: [{ arguments: "{}" }],
    });
  },
);

test("long results of old turns are cut, and it is said", () => {
  const [, told] = turnMessages(numbered([call(1), result(1, "x".repeat(100))]), { resultChars: 10 });
  expect(told?.text).toBe(`${"x".repeat(10)}\n[Cut here: 10 of 100 characters are shown.]`);
});

/** Every call is followed by its tool message before anything else is said, and no tool message stands alone. */
export const isWellFormed = (messages: readonly ModelMessage[]): boolean => {
  let open: string[] = [];
  for (const message of messages) {
    if (message.role === "tool") {
      if (!open.includes(message.callId)) return false;
      open = open.filter((id) => id !== message.callId);
    } else {
      if (open.length > 0) return false;
      open = message.role === "assistant" ? (message.calls ?? []).map(({ callId }) => callId) : [];
    }
  }
  return open.length === 0;
};

test("P10 whatever a turn's entries are, no call is left open and every result follows its call", () => {
  const piece = fc.oneof(
    fc.record({ what: fc.constant("answer" as const), step: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ what: fc.constant("call" as const), step: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ what: fc.constant("result" as const), k: fc.integer({ min: 1, max: 6 }) }),
    fc.record({ what: fc.constant("request" as const), k: fc.integer({ min: 1, max: 6 }) }),
    fc.record({ what: fc.constant("thought" as const), step: fc.integer({ min: 1, max: 4 }) }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      let k = 0;
      const entries = numbered(
        pieces.map((one): NewEntry => {
          switch (one.what) {
            case "answer":
              return answer("a", one.step);
            case "call":
              k += 1;
              return call(k, one.step);
            case "result":
              return result(one.k);
            case "request":
              return { kind: "approval", turn, at, callId: `call_1_${one.k}`, state: "requested" };
            case "thought":
              return thought("test:a", one.step);
          }
        }),
      );
      for (const wish of [{}, { model: "test:a" }]) {
        const messages = turnMessages(entries, wish);
        expect(isWellFormed(messages)).toBe(true);
        expect(messages.filter(({ role }) => role === "tool").length).toBe(k);
      }
    }),
  );
});
