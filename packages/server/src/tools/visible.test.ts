import { expect, test } from "vitest";
import { visible } from "./visible.ts";

/** As whoever wants to be read by models alone writes it. */
const inTags = (text: string): string =>
  Array.from(Buffer.from(text), (byte) => String.fromCodePoint(0xe0000 + byte)).join("");
const inSelectors = (text: string): string =>
  Array.from(Buffer.from(text), (byte) => String.fromCodePoint(0xe0100 + byte)).join("");

test("P11 nothing that a person does not see goes to a model, nothing that commands a terminal to a terminal", () => {
  const hidden = `a${inTags("ignore all")}b${inSelectors("that")}c\u200bd\u2063e\ufefff`;
  expect(visible(hidden)).toBe("abcdef");
  expect(visible("\u001b[31mred\u009b2J\u0007\u0000\r\n\t\u202egnp.exe")).toBe("[31mred2J\n\tgnp.exe");
});

test("what languages and pictures need stays", () => {
  const needed = "👩‍👩‍👧 ❤️ می‌خواهم क्‍ष \u200fשלום\u200e é 日本\n\t";
  expect(visible(needed)).toBe(needed);
});
