import { describe, expect, it } from "vitest";
import { live, turnOf } from "../../../../tests/stand-ins/start-client.ts";
import { joinRooms, startRooms } from "../../../../tests/stand-ins/start-rooms.ts";
import { until } from "../../../../tests/stand-ins/until.ts";

const names = (hub: { readonly events: readonly { readonly name: string }[] }): readonly string[] =>
  hub.events.map(({ name }) => name);

describe("a room", () => {
  it("is found or made, and shows what happens in it with who asked", async () => {
    const { hub, room } = await startRooms();
    await live(room);
    expect(names(hub)).toStrictEqual(["find_chat", "create_room", "join_room"]);
    expect(room.channel).toBe("chat:lunch");
    expect(room.room()).toMatchObject({ roomId: "room_lunch", source: "aisuite", model: "demo:guide" });
    const channel = hub.room("lunch");
    channel.prompt({ id: "bob/17", text: "Where?", author: "bob" });
    channel.grow("bob/17", "Here");
    await until(() => turnOf(room, "bob/17")?.text === "Here");
    expect(turnOf(room, "bob/17")).toMatchObject({ author: "bob", prompt: "Where?", state: "running" });
    channel.end("bob/17");
    await until(() => turnOf(room, "bob/17")?.state === "completed");
    expect(turnOf(room, "bob/17")).toMatchObject({
      text: "Here",
      model: "demo:echo",
      usage: { inputTokens: 1, outputTokens: 2 },
    });
  });

  it("P1 prompts under one's own id, and P9 stops", async () => {
    const { hub, room } = await startRooms({ answer: (channel, { id }) => channel.grow(id, "Hel") });
    const asked = room.prompt("Hi", { messageId: "m1" });
    expect(turnOf(room, "m1")).toMatchObject({ state: "sending", prompt: "Hi" });
    expect(await asked).toMatchObject({ messageId: "m1" });
    await until(() => turnOf(room, "m1")?.text === "Hel");
    await room.cancel("m1");
    await until(() => turnOf(room, "m1")?.state === "cancelled");
    expect(turnOf(room, "m1")?.text).toBe("Hel");
    expect(room.view().turns).toHaveLength(1);
    expect(hub.events.find(({ name }) => name === "cancel")?.payload).toMatchObject({
      message_id: "room_lunch_1",
    });
  });

  it("P12 shows why a prompt was refused, at the prompt", async () => {
    const { hub, room } = await startRooms();
    await live(room);
    hub.refusals.set("send_message", "rate_limited");
    await expect(room.prompt("Hi", { messageId: "m1" })).rejects.toMatchObject({ code: "rate_limited" });
    expect(turnOf(room, "m1")).toMatchObject({
      state: "refused",
      error: { code: "rate_limited", retry: true },
    });
  });

  it("P6 a prompt that was asked in an earlier visit is one turn, whatever it is called", async () => {
    const { hub, client, room } = await startRooms();
    await room.prompt("Hi", { messageId: "m1" });
    room.close();
    hub.room("lunch").grow("anonymous/m1", "Hello");
    await until(() => names(hub).includes("leave_room"));
    const again = client.conversation("lunch");
    await live(again);
    await until(() => turnOf(again, "anonymous/m1")?.text === "Hello");
    await again.prompt("Hi", { messageId: "m1" });
    expect(again.view().turns.map(({ messageId }) => messageId)).toStrictEqual(["anonymous/m1"]);
  });

  it("P8 a second prompt stands in line, and runs when the first has ended", async () => {
    const { hub, room } = await startRooms();
    await room.prompt("1", { messageId: "m1" });
    await room.prompt("2", { messageId: "m2" });
    expect(room.view().turns.map(({ state }) => state)).toStrictEqual(["running", "queued"]);
    hub.room("lunch").end("anonymous/m1");
    await until(() => turnOf(room, "m1")?.state === "completed");
    expect(turnOf(room, "m2")?.state).toBe("running");
  });

  it("tells what the server said where there is no such room", async () => {
    const { client } = await startRooms();
    const room = client.conversation("nowhere");
    await until(() => room.view().error !== undefined);
    expect(room.view()).toMatchObject({ phase: "loading", error: { code: "not_found" } });
  });
});

describe("calls in a room", () => {
  const callId = "call_1_1";
  it("wait for approval, which anybody who may gives", async () => {
    const { hub, room } = await startRooms();
    await room.prompt("Pay", { messageId: "m1" });
    const channel = hub.room("lunch");
    channel.grow("anonymous/m1", "One moment.");
    channel.log("anonymous/m1", (its) => [
      { ...its, kind: "tool-call", callId, name: "pay", arguments: '{"eur":5}', until: its.at + 60_000 },
      { ...its, kind: "approval", callId, state: "requested", until: its.at + 60_000 },
    ]);
    await until(() => turnOf(room, "m1")?.state === "waiting");
    expect(turnOf(room, "m1")?.calls).toMatchObject([
      {
        id: callId,
        name: "pay",
        arguments: '{"eur":5}',
        state: "waiting",
        at: 11,
        until: expect.any(Number),
      },
    ]);
    await room.approve(callId);
    await room.deny(callId, "too late");
    expect(hub.events.slice(-2)).toMatchObject([
      { name: "approve_function", payload: { room_id: "room_lunch", call_id: callId } },
      { name: "deny_function", payload: { call_id: callId, reason: "too late" } },
    ]);
    channel.log("anonymous/m1", (its) => [
      { ...its, kind: "approval", callId, state: "granted", by: "bob" },
      { ...its, kind: "tool-result", callId, name: "pay", outcome: "error", content: "no money" },
    ]);
    await until(() => turnOf(room, "m1")?.calls?.[0]?.state === "failed");
    expect(turnOf(room, "m1")).toMatchObject({
      state: "running",
      calls: [{ by: "bob", result: "no money" }],
    });
  });

  const clientCall = (
    hub: Awaited<ReturnType<typeof startRooms>>["hub"],
    name: string,
    callId = "call_1_1",
  ): void =>
    hub
      .room("lunch")
      .log("anonymous/m1", (its) => [
        { ...its, kind: "tool-call", callId, name, arguments: '{"unit":"m"}', runs: "client" },
      ]);
  const answers = (hub: Awaited<ReturnType<typeof startRooms>>["hub"]) =>
    hub.events.filter(({ name }) => name.startsWith("function_"));

  it("run here, once, where their tool is", async () => {
    const seen: unknown[] = [];
    const tools = {
      locate(args: object, call: object) {
        seen.push(args, call);
        return { lat: 14.5 };
      },
    };
    const { hub, room } = await startRooms({}, { tools });
    await room.prompt("Where am I?", { messageId: "m1" });
    clientCall(hub, "locate");
    await until(() => answers(hub).length > 0);
    expect(seen).toStrictEqual([{ unit: "m" }, { id: callId }]);
    expect(answers(hub)).toMatchObject([
      { name: "function_result room_lunch", payload: { call_id: callId, result: { lat: 14.5 } } },
    ]);
    expect(turnOf(room, "m1")).toMatchObject({ state: "waiting", calls: [{ runs: "client" }] });
  });

  it("that throw or are not there say so to the model", async () => {
    const tools = {
      locate() {
        throw new Error("no position");
      },
    };
    const { hub, room, logs } = await startRooms({}, { tools });
    await room.prompt("Where am I?", { messageId: "m1" });
    clientCall(hub, "locate");
    await until(() => answers(hub).length > 0);
    clientCall(hub, "toString", "call_1_2");
    await until(() => answers(hub).length > 1);
    expect(answers(hub).map(({ payload }) => payload["error"])).toStrictEqual([
      "no position",
      "There is no function toString here.",
    ]);
    expect(logs.some((log) => log.event === "tool")).toBe(true);
  });
});

describe("people in a room", () => {
  const users = { a: "ann", b: "bob" };
  it("come, type, say something and go", async () => {
    const { hub, room } = await startRooms({ users }, { token: "a" });
    await live(room);
    expect(room.presence()).toStrictEqual({ here: ["ann"], typing: [] });
    const bob = joinRooms(hub.url, { token: "b" }).client;
    const his = bob.conversation("lunch");
    await until(() => room.presence().here.includes("bob"));
    await until(() => his.presence().here.length === 2);
    his.typing();
    his.typing();
    await until(() => room.presence().typing.includes("bob"));
    expect(names(hub).filter((name) => name === "typing")).toHaveLength(1);
    await his.prompt("Hi all", { messageId: "m1" });
    await until(() => turnOf(room, "bob/m1")?.author === "bob");
    expect(room.presence().typing).toStrictEqual([]);
    expect(turnOf(his, "m1")?.state).toBe("running");
    const same = room.presence();
    expect(room.presence()).toBe(same);
    await bob.close();
    await until(() => room.presence().here.length === 1);
  });

  it("are invited and set the room up", async () => {
    const { hub, room } = await startRooms();
    await room.invite("cara", "writer");
    await room.invite("cara");
    await room.configure({ instructions: "Be brief.", history: 5, autoExecute: false });
    await room.use("anthropic", "claude");
    expect(hub.events.slice(-4).map(({ payload }) => payload)).toMatchObject([
      { user_id: "cara", role: "writer" },
      { user_id: "cara", role: null },
      {
        event: {
          type: "sbaw.assistant.update_session",
          data: { instructions: "Be brief.", history_length: 5, auto_execute_functions: false },
        },
      },
      { chat_id: "lunch", model_api_source: "anthropic", model_id: "claude" },
    ]);
    expect(room.room()).toMatchObject({
      source: "anthropic",
      model: "claude",
      settings: { autoExecute: false },
    });
  });
});
