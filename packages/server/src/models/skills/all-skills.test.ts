import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSkills } from "./all-skills.ts";
import type { Skill } from "./skill.ts";
import { whoAnswers } from "./who-answers.contract.ts";

let folder: string;
let skills: readonly Skill[];

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "colloquy-test-"));
  mkdirSync(path.join(folder, "docs"));
  writeFileSync(path.join(folder, "notes.txt"), "hello\n");
  writeFileSync(path.join(folder, "docs/long.md"), "a line\n".repeat(100));
  skills = createSkills({ folder, zone: "UTC" });
});

afterAll(async () => {
  for (const skill of skills) await skill.close?.();
  rmSync(folder, { recursive: true });
});

const answersTo = async (text: string): Promise<ReadonlyMap<string, string>> => {
  const answers = new Map<string, string>();
  for (const skill of skills) {
    const said = skill.respond({ text }, AbortSignal.any([]));
    if (typeof said === "object" && Symbol.asyncIterator in said) throw new Error("no skill streams");
    const answer = await said;
    if (answer !== undefined) answers.set(skill.name, answer);
  }
  return answers;
};

for (const [owner, prompts] of Object.entries(whoAnswers)) {
  test(`P7 what is meant for ${owner} is answered by ${owner} alone`, async () => {
    const expected = new Map(prompts.map((prompt) => [prompt, owner === "nobody" ? [] : [owner]]));
    const found = new Map<string, readonly string[]>();
    for (const prompt of prompts) found.set(prompt, [...(await answersTo(prompt)).keys()]);
    expect(found).toEqual(expected);
  });
}

const all = Object.values(whoAnswers).flat();
const words = [...new Set(all.flatMap((prompt) => prompt.split(" ")))];

const wrappings = [
  (one: string) => one,
  (one: string) => `please ${one}`,
  (one: string) => `Hey, can you tell me ${one}?`,
  (one: string) => `${one.toUpperCase()}!`,
  (one: string) => `how many words in "${one}"`,
  (one: string) => `reverse: ${one}`,
  (one: string) => `sha256 of ${one}`,
  (one: string) => `convert ${one} to hex`,
  (one: string) => `what is ${one}`,
  (one: string) => `show ${one}`,
  (one: string) => `find ${one}`,
  (one: string) => `what time is ${one}`,
  (one: string) => `how many ${one} in ${one}`,
  (one: string) => `${one} in Tokyo`,
  (one: string) => `${one} to ${one}`,
];

/** Prompts that are nearly somebody's: known ones in other words, pieces of several put together, and anything at all. */
const nearly = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom(...wrappings), fc.constantFrom(...all))
      .map(([wrap, one]) => wrap(one)),
  },
  {
    weight: 4,
    arbitrary: fc
      .array(fc.constantFrom(...words), { minLength: 1, maxLength: 6 })
      .map((some) => some.join(" ")),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom(...all), fc.constantFrom(...all)).map((two) => two.join(" ")),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 80 }) },
);

test("P7 whatever is asked, two skills never answer, and none fails", async () => {
  await fc.assert(
    fc.asyncProperty(nearly, async (prompt) => {
      const answers = await answersTo(prompt);
      if (answers.size > 1) throw new Error(`${JSON.stringify(prompt)} has ${JSON.stringify([...answers])}`);
      for (const answer of answers.values()) expect(answer.length).toBeLessThan(65_536);
    }),
    { numRuns: 1_500, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: false },
  );
});

test("P5 a prompt of a megabyte is nobody's, or counted at once", async () => {
  const long = "2+2 what time is it ".repeat(50_000);
  for (const text of [
    long,
    `sha256 of ${long}`,
    `find ${long}`,
    "9".repeat(1_000_000),
    "(".repeat(300),
    `reverse ${"x".repeat(60_000)}`,
  ]) {
    for (const answer of (await answersTo(text)).values()) expect(answer.length).toBeLessThan(1_000);
  }
});
