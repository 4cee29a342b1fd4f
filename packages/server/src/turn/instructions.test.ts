import { expect, test } from "vitest";
import { instructionsOf } from "./instructions.ts";

const now = Date.UTC(2026, 10, 20, 23, 59);

test("with tools a model is told the date, how the tools are used, then its instructions", () => {
  const tools = [{ name: "weather", usage: "for any place, by its name" }, { name: "pay" }];
  expect(instructionsOf({ instructions: "Be brief." }, tools, now)).toBe(
    "Today is Friday, 2026-11-20 (UTC).\n\nHow to use your tools:\n- weather: for any place, by its name\n\nBe brief.",
  );
  expect(instructionsOf({}, [{ name: "pay" }], now)).toBe("Today is Friday, 2026-11-20 (UTC).");
});

test("without tools its instructions stay what they are", () => {
  expect(instructionsOf({ instructions: "Be brief." }, [], now)).toBe("Be brief.");
  expect(instructionsOf({}, [], now)).toBeUndefined();
});
