import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
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
