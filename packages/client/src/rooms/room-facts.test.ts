import { expect, test } from "vitest";
import { foldFacts } from "./room-facts.ts";

const members = (role: string) => [
  { user_id: "ann", role: "owner" },
  { user_id: "bob", role },
];

test("what all are told of the members says what one may do oneself", () => {
  const joined = foldFacts({ chatId: "c" }, { user_id: "bob", role: "writer", members: members("writer") });
  expect(joined).toMatchObject({ user: "bob", role: "writer" });
  expect(foldFacts(joined, { members: members("reader") })).toMatchObject({ user: "bob", role: "reader" });
});

test("who is no member but may be here keeps the role that they came in with", () => {
  const joined = foldFacts({ chatId: "c" }, { user_id: "eve", role: "reader", members: members("writer") });
  expect(foldFacts(joined, { members: members("owner"), model_id: "m" })).toMatchObject({
    role: "reader",
    model: "m",
  });
});
