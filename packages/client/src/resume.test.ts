import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { startHub } from "../../../tests/stand-ins/hub.ts";
import {
  actionsOf,
  closeAfterEach,
  live,
  startClient,
  turnOf,
} from "../../../tests/stand-ins/start-client.ts";
import { until } from "../../../tests/stand-ins/until.ts";
import { createClient } from "./create-client.ts";

closeAfterEach();

describe("after a cut", () => {
  it("P4 what was said meanwhile comes, no more and no less", async () => {
    const { hub, client } = await startClient();
    const channels = ["a", "b"].map((name) => hub.channel(name));
    const conversations = ["a", "b"].map((name) => client.conversation(name));
    for (const channel of channels) channel.prompt({ id: "m1", text: "q" });
    for (const channel of channels) channel.grow("m1", "Hello");
    for (const conversation of conversations) await until(() => turnOf(conversation, "m1")?.text === "Hello");
    for (const conversation of conversations) await live(conversation);
    const asked = hub.frames.length;
    hub.admit = false;
    hub.cut();
    for (const conversation of conversations) await until(() => conversation.view().phase === "stale");
    expect(turnOf(conversations[0] ?? client.conversation("a"), "m1")?.text).toBe("Hello");
    channels[0]?.grow("m1", ", world");
    channels[1]?.end("m1");
    hub.admit = true;
    for (const conversation of conversations) await live(conversation);
    const [a, b] = conversations.map((conversation) => turnOf(conversation, "m1"));
    expect(a).toMatchObject({ text: "Hello, world", state: "running" });
    expect(b).toMatchObject({ text: "Hello", state: "completed" });
    const again = hub.frames.slice(asked).map((frame) => frame["payload"]);
    expect(again).toMatchObject([
      { action: "subscribe", channel: "a", cursor: expect.stringMatching(/\.1-5-0$/) },
      { action: "subscribe", channel: "b", cursor: expect.any(String) },
    ]);
  });

  it("P4 whatever is said, taken back and cut, readers end up with the same text", async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant("grow" as const), text: fc.string({ minLength: 1, maxLength: 5 }) }),
      fc.record({ do: fc.constant("reset" as const), keep: fc.nat({ max: 10 }) }),
      fc.record({ do: fc.constantFrom("cut" as const, "seal" as const, "pause" as const) }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 12 }),
        fc.constantFrom("delta", "snapshot"),
        async (steps, mode) => {
          const hub = await startHub();
          const client = createClient({ url: hub.url, reconnect: { baseMs: 1, maxMs: 2 } });
          const conversation = client.conversation("c", { mode });
          const channel = hub.channel("c");
          channel.prompt({ id: "m1", text: "q" });
          let text = "";
          let sealed = 0;
          for (const one of steps) {
            if (one.do === "grow") channel.grow("m1", one.text);
            if (one.do === "grow") text += one.text;
            if (one.do === "seal") channel.seal("m1");
            if (one.do === "seal") sealed = text.length;
            if (one.do === "reset") channel.reset("m1", Math.max(sealed, Math.min(one.keep, text.length)));
            if (one.do === "reset") text = text.slice(0, Math.max(sealed, Math.min(one.keep, text.length)));
            if (one.do === "cut") hub.cut();
            if (one.do === "pause") await live(conversation);
          }
          await until(
            () => conversation.view().phase === "live" && (turnOf(conversation, "m1")?.text ?? "") === text,
          );
          channel.end("m1");
          await until(() => turnOf(conversation, "m1")?.state === "completed");
          expect(turnOf(conversation, "m1")?.text).toBe(text);
          await client.close();
          await hub.close();
        },
      ),
      { numRuns: 40 },
    );
  });

  it("P6 a prompt that was not acknowledged is sent again under its id, and is one turn", async () => {
    const { hub, client } = await startClient();
    const conversation = client.conversation("c");
    await live(conversation);
    hub.frozen = true;
    const sent = conversation.prompt("Hi", { messageId: "m1" });
    hub.cut();
    hub.frozen = false;
    await sent;
    hub.refusals.set("prompt", "draining");
    const second = conversation.prompt("Ho", { messageId: "m2" });
    await until(() => hub.refusals.size === 0);
    await client.conversations();
    // A hub that takes leave is listened to until it closes.
    expect(hub.accepted).toBe(2);
    hub.farewell(1012, JSON.stringify({ reconnectInMs: 1 }));
    await second;
    await until(() => turnOf(conversation, "m2")?.turn !== undefined);
    expect(conversation.view().turns.map((turn) => turn.messageId)).toStrictEqual(["m1", "m2"]);
    expect(actionsOf(hub).filter((action) => action === "prompt")).toHaveLength(3);
  });

  it("P9 a stop whose answer was lost has still been heard", async () => {
    const { hub, client } = await startClient();
    const conversation = client.conversation("c");
    await live(conversation);
    hub.channel("c").prompt({ id: "m1", text: "q" });
    hub.frozen = true;
    const stopped = conversation.cancel("m1");
    hub.channel("c").end("m1", "cancelled", "cancelled");
    hub.refusals.set("cancel", "no_such_turn");
    hub.cut();
    hub.frozen = false;
    await expect(stopped).resolves.toBeUndefined();
    await until(() => turnOf(conversation, "m1")?.state === "cancelled");
    hub.refusals.set("cancel", "no_such_turn");
    await expect(conversation.cancel("m1")).rejects.toMatchObject({ code: "no_such_turn" });
  });

  it("P4 a gap is noticed and mended", async () => {
    const { hub, client, logs } = await startClient();
    const conversation = client.conversation("c");
    await live(conversation);
    hub.channel("c").prompt({ id: "m1", text: "q" });
    hub.channel("c").grow("m1", "Hello");
    const piece = {
      status: "in_progress",
      type: "response",
      message_id: "m1",
      thread_id: "t",
      offset: 9,
      delta: "?",
    };
    hub.raw(JSON.stringify({ channel: "c", payload: piece }));
    await until(() => logs.some((event) => event.event === "gap"));
    await until(() => turnOf(conversation, "m1")?.text === "Hello");
    hub.channel("c").grow("m1", ", world");
    await until(() => turnOf(conversation, "m1")?.text === "Hello, world");
    expect(hub.accepted).toBe(1);
  });

  it("a prompt that never left can be taken back", async () => {
    const { hub, client } = await startClient();
    const conversation = client.conversation("c");
    await live(conversation);
    hub.admit = false;
    hub.cut();
    await until(() => conversation.view().phase === "stale");
    const sent = conversation.prompt("Hi", { messageId: "m1" });
    await conversation.cancel("m1");
    await expect(sent).rejects.toMatchObject({ code: "cancelled" });
    expect(turnOf(conversation, "m1")?.state).toBe("cancelled");
    hub.admit = true;
    await live(conversation);
    expect(hub.channel("c").entries).toHaveLength(0);
  });

  it("P2 a log that was lost is shown as it is now", async () => {
    const { hub, client } = await startClient();
    const conversation = client.conversation("c");
    hub.channel("c").prompt({ id: "old", text: "q" });
    await until(() => turnOf(conversation, "old")?.state === "running");
    await live(conversation);
    hub.admit = false;
    hub.cut();
    await until(() => conversation.view().phase === "stale");
    hub.channel("c").forget();
    hub.channel("c").prompt({ id: "new", text: "q" });
    hub.admit = true;
    await live(conversation);
    expect(conversation.view().turns.map((turn) => turn.messageId)).toStrictEqual(["new"]);
  });
});
