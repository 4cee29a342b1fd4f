import { expect, test } from "vitest";
import { peopleOf, typingWords } from "./people.ts";

test("who is here comes first, each once, with what they may do", () => {
  const members = [
    { user: "ann", role: "owner" },
    { user: "cara", role: "reader" },
  ] as const;
  expect(peopleOf(["bob", "ann"], members, "ann")).toEqual([
    { name: "bob", isHere: true, words: "" },
    { name: "ann", isHere: true, words: "you · owner" },
    { name: "cara", isHere: false, words: "reads · not here" },
  ]);
});

test("who types", () => {
  expect(typingWords([])).toBe("");
  expect(typingWords(["bob"])).toBe("bob is typing…");
  expect(typingWords(["bob", "ann"])).toBe("bob and ann are typing…");
  expect(typingWords(["a", "b", "c"])).toBe("3 people are typing…");
});
