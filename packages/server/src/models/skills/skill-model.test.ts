import { expect, test } from "vitest";
import type { ModelEvent } from "../model.ts";
import type { Skill } from "./skill.ts";
import { createSkillModel } from "./skill-model.ts";

const events = async (respond: Skill["respond"], signal = AbortSignal.any([])): Promise<ModelEvent[]> => {
  const model = createSkillModel({ name: "shout", about: "shouts", respond });
  const request = {
    conversation: "c",
    turn: 1,
    promptId: "p",
    author: "ada",
    messages: [{ role: "user" as const, text: "hello" }],
  };
  const heard: ModelEvent[] = [];
  for await (const event of model.stream(request, signal)) heard.push(event);
  return heard;
};

const said = [
  { type: "text", text: "HELLO" },
  { type: "finish", reason: "stop" },
];

test("a skill's answer is a model's, however it is given", async () => {
  expect(await events(({ text }) => text.toUpperCase())).toEqual(said);
  expect(await events(({ text }) => Promise.resolve(text.toUpperCase()))).toEqual(said);
  const pieces = await events(async function* ({ text }) {
    yield text.slice(0, 2);
    yield "";
    yield text.slice(2);
  });
  expect(pieces).toEqual([{ type: "text", text: "he" }, { type: "text", text: "llo" }, said[1]]);
});

test("its silence is a decline", async () => {
  const decline = [{ type: "decline" }];
  expect(await events(() => undefined)).toEqual(decline);
  expect(await events(() => Promise.resolve(undefined))).toEqual(decline);
  expect(await events(async function* () {})).toEqual(decline);
});

test("P9 what is said after a stop is dropped", async () => {
  const stop = new AbortController();
  const speaking = events(async function* () {
    yield "a";
    stop.abort(new Error("stopped"));
    yield "b";
  }, stop.signal);
  await expect(speaking).rejects.toThrow("stopped");
});
