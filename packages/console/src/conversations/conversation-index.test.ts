import type { ConversationSummary, ConversationsQuery } from "@colloquy/client";
import { expect, test } from "vitest";
import { createConversationIndex } from "./conversation-index.ts";

const summary = (n: number): ConversationSummary => ({
  id: `channel:c${n}`,
  title: `Title ${n}`,
  updatedAt: n,
  entries: 1,
});

const bed = () => {
  const asked: ConversationsQuery[] = [];
  const answers: ((
    page: { conversations: readonly ConversationSummary[]; next?: string } | undefined,
  ) => void)[] = [];
  let news = 0;
  const index = createConversationIndex(
    {
      conversations: (query = {}) =>
        new Promise((resolve, reject) => {
          asked.push(query);
          answers.push((page) => (page ? resolve(page) : reject(new Error("no"))));
        }),
    },
    () => (news += 1),
  );
  const answer = async (
    i: number,
    page?: { conversations: readonly ConversationSummary[]; next?: string },
  ): Promise<void> => {
    answers[i]?.(page);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { index, asked, answer, news: () => news };
};

test("pages are added to each other, and a refreshed list is as long as it was", async () => {
  const { index, asked, answer } = bed();
  index.changed("open");
  const first = Array.from({ length: 30 }, (_, i) => summary(i));
  await answer(0, { conversations: first, next: "p2" });
  index.more();
  await answer(1, { conversations: [summary(30)] });
  expect(index.state().items.length).toBe(31);
  expect(index.state().next).toBeUndefined();
  index.refresh();
  expect(asked.map(({ before, limit }) => [before, limit])).toEqual([
    [undefined, 30],
    ["p2", 30],
    [undefined, 31],
  ]);
});

test("the same sign again asks for nothing", () => {
  const { index, asked } = bed();
  index.changed("a");
  index.changed("a");
  index.changed("b");
  expect(asked.length).toBe(2);
});

test("other lists are told of what happened here, not of what was only looked up", () => {
  const { index, news } = bed();
  index.changed("a");
  index.changed("a");
  index.refresh();
  index.search("x");
  expect(news()).toBe(1);
});

test("an answer that comes late does not replace a newer one", async () => {
  const { index, answer } = bed();
  index.refresh();
  index.refresh();
  await answer(1, { conversations: [summary(2)] });
  await answer(0, { conversations: [summary(1)] });
  expect(index.state().items.map(({ title }) => title)).toEqual(["Title 2"]);
});

test("what is there stays when a refresh fails", async () => {
  const { index, answer } = bed();
  index.refresh();
  await answer(0, { conversations: [summary(1)] });
  index.refresh();
  await answer(1);
  expect(index.state()).toMatchObject({ phase: "failed", items: [{ title: "Title 1" }] });
});
