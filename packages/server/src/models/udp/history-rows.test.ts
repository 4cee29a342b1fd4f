import { expect, test } from "vitest";
import { createHistoryRows } from "./history-rows.ts";

const exchange = (n: number, facts?: Readonly<Record<string, unknown>>) => ({
  prompt: `prompt ${n}`,
  answer: `answer ${n}`,
  ...(facts && { facts }),
});

test("rows of generation 1: the newest five, newest first, all strings, None for what is not known", () => {
  const facts = { sysbool: "False", function: "doors", sender: "Node-5001", winner: "doors" };
  const rows = createHistoryRows(1)([
    exchange(7, facts),
    exchange(6, { sysbool: true }),
    ...[5, 4, 3, 2].map((n) => exchange(n)),
  ]);
  expect(rows).toEqual([
    { SysBool: "False", M_func: "doors", Prompt: "prompt 7" },
    { SysBool: "None", M_func: "None", Prompt: "prompt 6" },
    ...[5, 4, 3].map((n) => ({ SysBool: "None", M_func: "None", Prompt: `prompt ${n}` })),
  ]);
});

test("rows of generation 2: the newest three, with what was answered", () => {
  const rows = createHistoryRows(2)([4, 3, 2, 1].map((n) => exchange(n, { sysbool: "True" })));
  expect(rows).toEqual(
    [4, 3, 2].map((n) => ({
      system_boolean: "True",
      ex_model_function: "None",
      user_prompt: `prompt ${n}`,
      ex_work_summary: `answer ${n}`,
    })),
  );
});

test("an exchange is made a row once, for whichever prompts it goes with", () => {
  const historyRows = createHistoryRows(1);
  const [older, newer] = [exchange(1), exchange(2)];
  expect(historyRows([newer, older])[1]).toBe(historyRows([older])[0]);
});
