import { expect, it } from "vitest";
import { closeSentence, reconnectInMs } from "./close-reason.ts";

it.each([
  ['{"reconnectInMs":1500}', 1500],
  ['{"reconnectInMs":0}', 0],
  // A hub cannot send its clients away for ever.
  ['{"reconnectInMs":1e12}', 600_000],
  ['{"reconnectInMs":-1}', undefined],
  ['{"reconnectInMs":"1"}', undefined],
  ["{", undefined],
  ["1500", undefined],
  ["", undefined],
])("reads when to come back from %j", (reason, ms) => {
  expect(reconnectInMs(reason)).toBe(ms);
});

it.each([
  [1012, '{"reconnectInMs":1500}', "The server is restarting."],
  [1006, "", "The connection was lost."],
  [4403, "Not in this room.", "Not in this room."],
  [4508, "", "The connection is too slow."],
])("says close code %i with %j as %j", (code, reason, sentence) => {
  expect(closeSentence(code, reason)).toBe(sentence);
});
