import { afterAll, expect, test } from "vitest";
import { testContext } from "../../../../../tests/stand-ins/tool-context.ts";
import { systemClock } from "../../kernel/clock.ts";
import { createCalculator } from "./calculator.ts";

const calculator = createCalculator(systemClock);
afterAll(() => calculator.close());

const run = (expression: string): Promise<string> => calculator.tool.run({ expression }, testContext());

test.each([
  ["0.1 + 0.2", "0.3"],
  ["2^100", "1267650600228229401496703205376"],
  ["(2 + 3) * sqrt(2)", "7.071067811865475244"],
  ["15% * 80", "12"],
  ["5 km to mile", "3.1068559611866698481 mile"],
  ["sin(30 deg)", "0.5"],
  ["mean([1, 2, 3])", "2"],
  ["sqrt(-4)", "2i"],
  ["3 > 2", "true"],
  ["1/0", "Infinity"],
  ["17 × 23 − 6 ÷ 2", "388"],
  ["[1, 2; 3, 4] * [1, 1]", "[3, 7]"],
])("%s is %s", async (expression, result) => {
  expect(await run(expression)).toBe(`${expression} = ${result}`);
});

test.each([
  "import({a: 1}, {override: true})",
  'createUnit("foo")',
  'evaluate("1 + 1")',
  'parse("1 + 1")',
  'simplify("x + x")',
  'derivative("x^2", "x")',
  'config({number: "number"})',
  "cos.constructor(1)",
  'cos.constructor("return process")()',
  "[1].map(f)",
  "f(x) = x; f(1)",
  "x = 3",
  "{a: 1}.a",
  '"text"',
  "random()",
  "1:10",
  "help(sin)",
  "chain(3)",
  "typed(1)",
  "reviver(1)",
  "process",
])("%s is refused before anything of it runs", async (expression) => {
  await expect(run(expression)).rejects.toThrow(/^That c(annot be worked out|ould not be read):/);
});

test("P12 what has no value is said in a sentence", async () => {
  await expect(run("5 km to kg")).rejects.toThrow(/^That has no value: Units do not match/);
  await expect(run("2 +")).rejects.toThrow(/could not be read/);
});

test("P5 a sum without end is stopped, and the next ones are worked out all the same", async () => {
  const [first, second] = await Promise.allSettled([run("9999999!"), run("2 + 2")]);
  expect(first).toMatchObject({ status: "rejected", reason: { message: /stopped/ } });
  expect(second).toMatchObject({ status: "fulfilled", value: "2 + 2 = 4" });
});

test("P5 what wants too many parts is refused, what is too long is a misfit", async () => {
  await expect(run("1+".repeat(200) + "1")).rejects.toThrow(/too many parts/);
  expect(calculator.tool.misfit({ expression: "1".repeat(501) })).toMatch(/expression/);
});

test("its close may be asked for twice, and nothing is worked out after it", async () => {
  const other = createCalculator(systemClock);
  await other.tool.run({ expression: "1" }, testContext());
  await other.close();
  await other.close();
  await expect(other.tool.run({ expression: "1" }, testContext())).rejects.toMatchObject({ code: "closed" });
});
