import { expect, test } from "vitest";
import { audienceWords, peopleOf, typingWords } from "./people.ts";

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

test("a room is for those who were invited", () => {
  const invited = (...users: readonly string[]) =>
    audienceWords(
      users.map((user) => ({ user, role: "writer" })),
      "ann",
    );
  expect(invited()).toContain("Only you and those whom you invite");
  expect(invited("ann")).toContain("Only you and those whom you invite");
  expect(invited("ann", "bob")).toMatch(/^You and bob see/);
  expect(invited("ann", "b", "c", "d", "e", "f")).toMatch(/^You, b, c, d, e, and f see/);
  expect(invited("ann", "b", "c", "d", "e", "f", "g")).toMatch(/^You, b, c, d, e, and 2 others see/);
});

test("who types", () => {
  expect(typingWords([])).toBe("");
  expect(typingWords(["bob"])).toBe("bob is typing…");
  expect(typingWords(["bob", "ann"])).toBe("bob and ann are typing…");
  expect(typingWords(["a", "b", "c"])).toBe("3 people are typing…");
});
