import { expect, it } from "vitest";
import { closeAfterEach, live, startClient, turnOf } from "../../../../tests/stand-ins/start-client.ts";
import { until } from "../../../../tests/stand-ins/until.ts";
import { holdConversation } from "./hold-conversation.ts";

closeAfterEach();

it("a conversation is held as long as somebody listens, and is the same object until something changed", async () => {
  const { hub, client } = await startClient();
  const frames: (() => void)[] = [];
  const hold = holdConversation(client, "c", { history: 5 }, (run) => {
    frames.push(run);
    return () => undefined;
  });
  expect(hold.state()).toStrictEqual({
    conversation: undefined,
    view: { phase: "loading", turns: [], more: false },
  });
  let told = 0;
  const leave = hold.subscribe(() => (told += 1));
  const { conversation } = hold.state();
  expect(conversation?.channel).toBe("c");
  if (!conversation) return;
  await live(conversation);
  hub.channel("c").prompt({ id: "m1", text: "q" });
  for (let i = 0; i < 20; i += 1) hub.channel("c").grow("m1", "a");
  await until(() => turnOf(conversation, "m1")?.text.length === 20);
  expect(hold.state()).toBe(hold.state());
  expect(hold.state().view.turns).toHaveLength(1);
  expect([told, frames.length]).toStrictEqual([0, 1]);
  frames[0]?.();
  expect(told).toBe(1);
  leave();
  await until(() => hub.channel("c").readers.size === 0);
  expect(hold.state()).toMatchObject({ conversation: undefined, view: { turns: [{ messageId: "m1" }] } });
});
