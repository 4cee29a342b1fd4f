import { expect, test } from "vitest";
import { systemClock } from "../../kernel/clock.ts";
import { createAskedPrompts, newPrompt, type AskedPrompt } from "./asked-prompts.ts";

const request = { conversation: "seq:main", turn: 1, promptId: "p", author: "ada", messages: [] };

const bed = () => {
  let now = 0;
  const prompts = createAskedPrompts({ ...systemClock, monotonic: () => now });
  return {
    prompts,
    pass: (ms: number): void => void (now += ms),
    /** A prompt that was asked, answered with so many characters and decided. */
    decide: (id: string, answer = ""): AskedPrompt => {
      const prompt = newPrompt(id, request, () => {});
      prompts.add(prompt);
      prompts.said(prompt, "a", answer);
      prompts.over(prompt);
      return prompt;
    },
  };
};

test("a decided prompt is known for 30 s, without the history that was sent along", () => {
  const { prompts, decide, pass } = bed();
  const prompt = decide("one");
  expect(prompts.find("one")).toBe(prompt);
  expect(prompt.request).toBeUndefined();
  pass(29_000);
  decide("two");
  expect(prompts.find("one")).toBe(prompt);
  pass(2_000);
  decide("three");
  expect(["one", "two", "three"].map((id) => prompts.find(id)?.id)).toEqual([undefined, "two", "three"]);
});

test("P5 no more than 4,096 decided prompts are known, the newest", () => {
  const { prompts, decide } = bed();
  for (let i = 0; i < 20_000; i += 1) decide(`p${i}`);
  const known = Array.from({ length: 20_000 }, (_, i) => prompts.find(`p${i}`)).filter((one) => one);
  expect([known.length, known[0]?.id]).toEqual([4_096, "p15904"]);
});

test("P5 what was said of them is bounded too, also what comes late", () => {
  const { prompts, decide } = bed();
  const first = decide("first");
  const second = decide("second");
  for (let i = 0; i < 9; i += 1) prompts.said(second, `late ${i}`, "x".repeat(1024 * 1024));
  decide("third");
  expect([prompts.find(first.id), prompts.find(second.id)]).toEqual([undefined, undefined]);
  expect(prompts.find("third")).toBeDefined();
});
