import { expect, test } from "vitest";
import { sends } from "./sends.ts";

const press = { key: "Enter", shiftKey: false, altKey: false, isComposing: false, keyCode: 13 };

test("Enter sends; with Shift or Alt, or while an input method is at work, it does not", () => {
  expect(sends(press)).toBe(true);
  expect(sends({ ...press, key: "a" })).toBe(false);
  expect(sends({ ...press, shiftKey: true })).toBe(false);
  expect(sends({ ...press, altKey: true })).toBe(false);
  expect(sends({ ...press, isComposing: true })).toBe(false);
  expect(sends({ ...press, keyCode: 229 })).toBe(false);
});
