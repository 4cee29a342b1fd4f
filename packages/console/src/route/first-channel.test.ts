import { expect, test } from "vitest";
import { firstChannel, mayBegin } from "./first-channel.ts";

const none = { read: [], prompt: [], stop: [], approve: [] };

test("one begins with a new conversation, or where one may be", () => {
  expect(firstChannel(undefined)).not.toBe(firstChannel(undefined));
  const all = { ...none, read: ["*"], prompt: ["*"] };
  expect([mayBegin(all), firstChannel(all).length]).toEqual([true, 24]);
  const few = { ...none, read: ["news", "lobby"], prompt: ["lobby"] };
  expect([mayBegin(few), firstChannel(few)]).toEqual([false, "lobby"]);
  expect(mayBegin({ ...none, read: ["*"] })).toBe(false);
  expect(firstChannel(none).length).toBe(24);
});
