import { describe, expect, it } from "vitest";
import {
  actionsOf,
  closeAfterEach,
  live,
  startClient,
  turnOf,
} from "../../../tests/stand-ins/start-client.ts";
import { until } from "../../../tests/stand-ins/until.ts";
import type { ConversationEvent } from "./conversation.ts";

closeAfterEach();

describe("a conversation", () => {
  it("loads the newest entries, then shows what happens", async () => {
    const { hub, client } = await startClient();
    const channel = hub.channel("c");
    for (const id of ["m1", "m2"]) {
      channel.prompt({ id, text: `q-${id}`, author: "ann" });
      channel.grow(id, `a-${id}`);
      channel.end(id);
    }
    const conversation = client.conversation("c", { history: 4 });
    expect(conversation.view()).toStrictEqual({ phase: "loading", turns: [], more: false });
    await live(conversation);
    expect(conversation.view().turns.map((turn) => turn.text)).toStrictEqual(["a-m2"]);
    expect(conversation.view().more).toBe(true);
    expect(await conversation.older()).toBe(false);
    expect(conversation.view().turns.map((turn) => turn.text)).toStrictEqual(["a-m1", "a-m2"]);
    channel.prompt({ id: "m3", text: "q", author: "bob" });
    channel.grow("m3", "now");
    await until(() => turnOf(conversation, "m3")?.text === "now");
    expect(conversation.view().turns.at(-1)).toMatchObject({ author: "bob", prompt: "q", state: "running" });
  });

  it("P8 shows a turn that runs already, with all of its text", async () => {
    const { hub, client } = await startClient();
    hub.channel("c").prompt({ id: "m1", text: "q" });
    hub.channel("c").grow("m1", "so far");
    const conversation = client.conversation("c");
    await live(conversation);
    expect(conversation.view().turns).toMatchObject([{ state: "running", text: "so far", prompt: "q" }]);
  });

  it("is one object for one channel, left when the last holder lets go", async () => {
    const { hub, client } = await startClient();
    const conversation = client.conversation("c");
    expect(client.conversation("c")).toBe(conversation);
    await live(conversation);
    conversation.close();
    hub.channel("c").prompt({ id: "m1", text: "q" });
    await until(() => turnOf(conversation, "m1")?.state === "running");
    conversation.close();
    await until(() => actionsOf(hub).includes("unsubscribe"));
    expect(hub.channel("c").readers.size).toBe(0);
    expect(client.conversation("c")).not.toBe(conversation);
  });

  it("P1 prompts, and P9 stops", async () => {
    const { hub, client } = await startClient({ answer: (channel, { id }) => channel.grow(id, "Hel") });
    const conversation = client.conversation("c");
    const sent = conversation.prompt("Hi", { messageId: "m1", assistant: "helper" });
    expect(turnOf(conversation, "m1")?.state).toBe("sending");
    expect(await sent).toStrictEqual({ messageId: "m1", cursor: "c" });
    expect(hub.frames).toContainEqual(
      expect.objectContaining({ payload: expect.objectContaining({ message: "Hi", assistant: "helper" }) }),
    );
    await until(() => turnOf(conversation, "m1")?.text === "Hel");
    await conversation.cancel("m1");
    await until(() => turnOf(conversation, "m1")?.state === "cancelled");
    expect(turnOf(conversation, "m1")?.text).toBe("Hel");
  });

  it("P12 rejects with the hub's code, and shows it on the turn", async () => {
    const { hub, client } = await startClient();
    const conversation = client.conversation("c");
    hub.refusals.set("prompt", "queue_full");
    await expect(conversation.prompt("Hi", { messageId: "m1" })).rejects.toMatchObject({
      name: "ClientError",
      code: "queue_full",
      retry: true,
    });
    expect(conversation.view().turns).toMatchObject([
      { state: "refused", error: { code: "queue_full", retry: true } },
    ]);
    await conversation.prompt("Hi", { messageId: "m1" });
    await until(() => turnOf(conversation, "m1")?.state === "running");
  });

  it("P12 says why it cannot be read, and tries again when that may help", async () => {
    const { hub, client } = await startClient();
    hub.refusals.set("subscribe", "not_allowed");
    const secret = client.conversation("secret");
    await until(() => secret.view().error?.code === "not_allowed");
    hub.refusals.set("subscribe", "store_unavailable");
    const conversation = client.conversation("c");
    await live(conversation);
    expect(actionsOf(hub).filter((action) => action === "subscribe")).toHaveLength(3);
    expect(conversation.view().error).toBeUndefined();
  });

  it("hands a prompt on in the form of part 1 where no assistant answers", async () => {
    const { hub, client } = await startClient();
    hub.refusals.set("prompt", "not_available");
    const conversation = client.conversation("c");
    expect(await conversation.prompt("Hi", { messageId: "m1" })).toStrictEqual({
      messageId: "m1",
      cursor: "",
    });
    expect(hub.frames).toContainEqual({ channel: "c", message: "Hi", message_id: "m1" });
  });

  it("lists conversations", async () => {
    const { hub, client } = await startClient();
    hub.channel("c").prompt({ id: "m1", text: "q" });
    const { conversations } = await client.conversations({ limit: 5 });
    expect(conversations).toMatchObject([{ id: "c", entries: 1 }]);
  });

  it("tells what else was published, and never takes it for the hub's word", async () => {
    const { hub, client } = await startClient();
    const conversation = client.conversation("c");
    await live(conversation);
    const events: ConversationEvent[] = [];
    const stop = new AbortController();
    const listening = (async () => {
      for await (const event of conversation.events(stop.signal)) events.push(event);
    })();
    const forged = {
      type: "entry",
      entry: { n: 9, at: 1, kind: "prompt", id: "x", author: "root", text: "!" },
    };
    hub.publish("c", forged);
    hub.publish("c", { status: "in_progress", message_id: "outside", message: "from a publisher" });
    hub.publish("c", { weather: "fine" });
    await until(() => events.filter((event) => event.type === "relay").length === 2);
    expect(conversation.view().turns).toMatchObject([{ messageId: "outside", text: "from a publisher" }]);
    expect(events).toContainEqual({ type: "relay", payload: forged, lost: 0 });
    expect(events).toContainEqual({ type: "relay", payload: { weather: "fine" }, lost: 0 });
    stop.abort();
    await listening;
  });
});

describe("a hub that speaks only part 1", () => {
  it("is noticed by its silence; prompts go out in its form and are acknowledged by progress", async () => {
    const { hub, client, logs } = await startClient({ part: 1 }, { times: { answerMs: 50 } });
    const conversation = client.conversation("c");
    await live(conversation);
    expect(logs).toContainEqual({ event: "classic" });
    const sent = conversation.prompt("Hi", { messageId: "m1" });
    await until(() => hub.frames.some((frame) => frame["message"] === "Hi" && frame["message_id"] === "m1"));
    hub.publish("c", { status: "started", type: "status", message_id: "m1", message: "…" });
    expect(await sent).toStrictEqual({ messageId: "m1", cursor: "" });
    hub.publish("c", { status: "in_progress", type: "response", message_id: "m1", message: "Hello" });
    hub.publish("c", { status: "completed", type: "response", message_id: "m1", message: "Hello!" });
    await until(() => turnOf(conversation, "m1")?.state === "completed");
    expect(turnOf(conversation, "m1")?.text).toBe("Hello!");
    expect(await conversation.older()).toBe(false);
    await expect(conversation.cancel("m1")).rejects.toMatchObject({ code: "not_available" });
    await expect(client.conversations()).rejects.toMatchObject({ code: "not_available" });
  });

  it("is noticed by the first frame, and comes back live after a cut", async () => {
    const { hub, client } = await startClient({ part: 1 }, { times: { answerMs: 20_000 } });
    const conversation = client.conversation("c");
    await until(() => actionsOf(hub).includes("subscribe"));
    hub.publish("c", { status: "in_progress", type: "response", message_id: "m1", message: "Hel" });
    await live(conversation);
    hub.cut();
    await until(() => actionsOf(hub).filter((action) => action === "subscribe").length === 2);
    await live(conversation);
    hub.publish("c", { status: "completed", type: "response", message_id: "m1", message: "Hello" });
    await until(() => turnOf(conversation, "m1")?.text === "Hello");
    expect(conversation.view().turns).toHaveLength(1);
  });
});
