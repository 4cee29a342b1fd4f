import { expect, test } from "vitest";
import { createScriptedModel } from "../../packages/server/src/models/scripted-model.ts";
import { ada, makeBed } from "./bed.ts";

test("P5 a page of history with pictures in it holds no more of them than fit a frame, and the rest comes with the next", async () => {
  const { heart, listen } = await makeBed({ model: createScriptedModel(() => ["Nice."]) });
  const { ear } = listen("channel:a");
  const files = [{ name: "cat.png", type: "image/png", data: "A".repeat(300_000) }];
  for (let i = 0; i < 30; i += 1) {
    const { turn } = await heart.prompt(ada, "channel:a", { text: "See", files });
    await ear.untilEnded(turn);
  }
  let before: number | undefined;
  let seen = 0;
  for (;;) {
    const page = await heart.history(ada, "channel:a", { limit: 200, ...(before && { before }) });
    expect(JSON.stringify(page.entries).length).toBeLessThan(3_000_000);
    seen += page.entries.filter(({ kind }) => kind === "prompt").length;
    if (!page.more) break;
    before = page.entries[0]?.n;
  }
  expect(seen).toBe(30);
});
