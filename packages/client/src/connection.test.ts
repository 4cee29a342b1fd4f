import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { startHub } from "../../../tests/stand-ins/hub.ts";
import {
  actionsOf,
  closeAfterEach,
  live,
  startClient,
  turnOf,
} from "../../../tests/stand-ins/start-client.ts";
import { until } from "../../../tests/stand-ins/until.ts";
import { backoff } from "./backoff.ts";
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
    hub.farewell(1012, JSON.stringify({ reconnectInMs: 1 }));
    await second;
    await until(() => turnOf(conversation, "m2")?.turn !== undefined);
    expect(conversation.view().turns.map((turn) => turn.messageId)).toStrictEqual(["m1", "m2"]);
    expect(actionsOf(hub).filter((action) => action === "prompt")).toHaveLength(3);
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

describe("the connection", () => {
  it("waits longer and longer, half of it by chance", () => {
    const policy = { baseMs: 100, maxMs: 1000 };
    const waits = (random: number) =>
      [1, 2, 3, 4, 5, 99].map((attempt) => backoff(policy, attempt, () => random));
    expect(waits(0)).toStrictEqual([50, 100, 200, 400, 500, 500]);
    expect(waits(1)).toStrictEqual([100, 200, 400, 800, 1000, 1000]);
  });

  it("counts its tries, says when the next one is, and starts anew when asked to", async () => {
    const { hub, client } = await startClient({}, { reconnect: { baseMs: 1, maxMs: 4 } });
    hub.admit = false;
    client.conversation("c");
    await until(() => client.connection.attempt >= 4 && client.connection.phase === "waiting");
    expect(client.connection.retryAt).toBeTypeOf("number");
    expect(client.connection.reason).toBeTypeOf("string");
    hub.admit = true;
    client.reconnectNow();
    await until(() => client.connection.phase === "open");
    expect(client.connection).toStrictEqual({ phase: "open", attempt: 0 });
  });

  it("comes back when a restarting hub said it may", async () => {
    const { hub, client, logs } = await startClient({}, { reconnect: { baseMs: 60_000, maxMs: 60_000 } });
    await live(client.conversation("c"));
    hub.farewell(1012, JSON.stringify({ reconnectInMs: 3 }));
    await until(() => hub.accepted === 2 && client.connection.phase === "open");
    expect(logs).toContainEqual({ event: "lost", code: 1012, reason: '{"reconnectInMs":3}', retryInMs: 3 });
  });

  it("does not come back unchanged when the hub said so, but a person may try", async () => {
    const { hub, client } = await startClient();
    await live(client.conversation("c"));
    hub.farewell(4403, "You are not allowed to do that here.");
    await until(() => client.connection.phase === "closed");
    expect(client.connection.reason).toBe("You are not allowed to do that here.");
    client.reconnectNow();
    await live(client.conversation("c"));
  });

  it.each([
    ["by a question", undefined],
    ["by a ping where the socket has one", WebSocket],
  ])("notices a peer that is gone without a word, %s", async (_title, constructor) => {
    const { hub, client, logs } = await startClient(
      {},
      { times: { silenceMs: 20, probeMs: 500 }, ...(constructor && { WebSocket: constructor }) },
    );
    const conversation = client.conversation("c");
    await live(conversation);
    const before = hub.frames.length;
    if (!constructor) await until(() => actionsOf(hub).slice(before).includes("unsubscribe"));
    expect(hub.accepted).toBe(1);
    hub.frozen = true;
    await until(() => logs.some((event) => event.event === "silent"));
    hub.frozen = false;
    await live(conversation);
  });

  it("P12 unreadable frames and throwing listeners break nothing", async () => {
    const { hub, client, logs } = await startClient();
    const conversation = client.conversation("c");
    await live(conversation);
    conversation.subscribe(() => {
      throw new Error("listener");
    });
    for (const raw of [
      "{",
      "null",
      "7",
      '"x"',
      "[]",
      "{}",
      '{"channel":"c"}',
      '{"channel":"__proto__","payload":{}}',
    ]) {
      hub.raw(raw);
    }
    hub.channel("c").prompt({ id: "m1", text: "q" });
    await until(() => turnOf(conversation, "m1")?.state === "running");
    expect(logs.map((event) => event.event)).toEqual(expect.arrayContaining(["unreadable", "listener"]));
    expect(hub.accepted).toBe(1);
  });

  it("is closed for good by close(), and everything that waits is told", async () => {
    const { hub, client } = await startClient();
    const conversation = client.conversation("c");
    await live(conversation);
    hub.frozen = true;
    const sent = conversation.prompt("Hi").catch((error: unknown) => error);
    const reading = (async () => {
      for await (const event of conversation.events()) void event;
    })();
    await client.close();
    await client.close();
    expect(await sent).toMatchObject({ code: "closed" });
    expect(conversation.view().turns).toMatchObject([{ state: "sending" }]);
    await reading;
    expect(() => client.conversation("c")).toThrow("closed");
    await expect(conversation.prompt("Hi")).rejects.toMatchObject({ code: "closed" });
    await until(() => hub.connections === 0);
  });

  it("says so when the address is none", async () => {
    const client = createClient({ url: "not an address" });
    client.conversation("c");
    await until(() => client.connection.phase === "closed");
    expect(client.connection.reason).not.toBe("");
    await client.close();
  });
});
