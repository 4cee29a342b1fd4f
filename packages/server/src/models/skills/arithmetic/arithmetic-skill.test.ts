import { afterAll, expect, test } from "vitest";
import { createArithmeticSkill } from "./arithmetic-skill.ts";

const skill = createArithmeticSkill();
afterAll(() => skill.close?.());

const answer = async (text: string): Promise<unknown> => skill.respond({ text }, AbortSignal.any([]));

test.each([
  ["2+2", "2 + 2 = 4"],
  ["0.1 + 0.2", "0.1 + 0.2 = 0.3"],
  ["two dozen plus one", "24 + 1 = 25"],
  ["three hundred and five minus five", "305 - 5 = 300"],
  ["2^100", "2 ^ 100 = 1267650600228229401496703205376"],
  ["what is 15% of 80", "(15 / 100) * 80 = 12"],
  ["1/3", "1 / 3 = 0.33333333333333"],
  ["sqrt(-4)", "sqrt(-4) = 2i"],
  ["5! + 1", "5! + 1 = 121"],
  ["1,000,000 * 3", "1000000 * 3 = 3000000"],
  ["-40 °C in °F", "-40 degC = -40 degF"],
  ["how many feet in a mile", "1 mile = 5280 feet"],
  ["60 mph in km/h", "60 mi / h = 96.56064 km / h"],
  ["sin of 30 degrees", "sin(30 degrees) = 0.5"],
  ["is 3/4 greater than 2/3?", "3 / 4 > 2 / 3 is true."],
  ["0xff in decimal", "0xff = 255"],
  ["-255 in hex", "-255 = -0xff"],
  ["5 km to kg", "5 km to kg: these units measure different things, so there is no answer."],
  ["1/0", "1 / 0 has no value that can be worked out here."],
])("%s is worked out", async (asked, expected) => {
  expect(await answer(asked)).toBe(expected);
});

test.each([
  "import(1)",
  "evaluate(1) + 1",
  "parse(2) + 1",
  "config(1) + 1",
  "ones(10000, 10000) + 1",
  "range(0, 1e9) + 1",
  "random() + 1",
  "x = 2 + 1",
  "1:1000000000 + 1",
  "(2).constructor + 1",
  "cos.constructor(1) + 1",
  "derivative(2) + 1",
])("%s is none of its business: it can only work with numbers", async (asked) => {
  expect(await answer(asked)).toBeUndefined();
});

test("P5 a sum without end is stopped, and the next ones are worked out all the same", async () => {
  const [first, second, third] = await Promise.all([answer("9999999!"), answer("2+2"), answer("3+3")]);
  expect(first).toMatch(/takes longer than a second/);
  expect([second, third]).toEqual(["2 + 2 = 4", "3 + 3 = 6"]);
});

test("P5 more sums at once than can wait are not taken", async () => {
  const all = await Promise.allSettled(Array.from({ length: 400 }, () => answer("2+2")));
  expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(256);
});

test("after its close it takes nothing, and its close may be asked for twice", async () => {
  const other = createArithmeticSkill();
  await other.respond({ text: "1+1" }, AbortSignal.any([]));
  await other.close?.();
  await other.close?.();
  await expect(other.respond({ text: "1+1" }, AbortSignal.any([]))).rejects.toMatchObject({ code: "closed" });
});
