import { expect, test } from "vitest";
import { principal } from "../heart/bed.ts";
import { careful, tool } from "../heart/tool-kit.ts";
import { manualClock } from "../stand-ins/manual-clock.ts";
import { arrange, createRoom, join, message } from "./rooms-scene.ts";
import type { Heard } from "./rooms-stage.ts";

const dataOf = ({ data }: Heard["payload"]): Readonly<Record<string, unknown>> => Object(data);

test("P2 what a room is set to and who belongs to it is told to all, in order, and to who comes back", async () => {
  const { stage } = await arrange();
  const ada = await stage.enter({ token: "ada" });
  const roomId = await createRoom(ada);
  await ada.ask("join_room", { room_id: roomId, history: 0 });
  await ada.ask("invite", { room_id: roomId, user_id: "bob", role: "writer" });
  const bob = await stage.enter({ token: "bob" });
  const joined = await bob.ask("join_room", { room_id: roomId, history: 0 });
  const old = await stage.enter({ token: "bob" });
  await join(old, roomId);
  const data = { auto_execute_functions: false };
  const event = { type: "sbaw.assistant.update_session", id: "e1", data };
  await ada.ask("event", { room_id: roomId, event });
  const wish = { chat_id: "c1", model_api_source: "aisuite", model_id: "m:2" };
  await ada.ask("create_room", wish);
  await ada.ask("invite", { room_id: roomId, user_id: "carol", role: "reader" });
  const members = [
    { user_id: "ada", role: "owner" },
    { user_id: "bob", role: "writer" },
  ];
  const facts = { ...wish, room_id: roomId, cursor: expect.any(String) };
  const name = `room_changed ${roomId}`;
  expect(await bob.next(name)).toEqual({ ...facts, model_id: "m:1", members });
  expect(await bob.next(name)).toEqual({ ...facts, members });
  const all = [...members, { user_id: "carol", role: "reader" }];
  expect(await bob.next(name)).toEqual({ ...facts, members: all });
  await ada.next(name);
  expect(await ada.next(name)).toMatchObject({ settings: data });
  expect(old.heard.some(({ name: heard }) => heard.startsWith("room_changed"))).toBe(false);

  const again = await stage.enter({ token: "bob" });
  await again.ask("join_room", { room_id: roomId, cursor: joined["cursor"] });
  for (let i = 0; i < 3; i += 1) expect(await again.next(name)).toEqual({ ...facts, members: all });
  await ada.ask("invite", { room_id: roomId, user_id: "bob", role: "owner" });
  expect(await again.next(name)).toMatchObject({ settings: data });
});

test("a stream says whose turn it is and since when it runs, its end how long it ran without waiting", async () => {
  const clock = manualClock();
  const slow = tool("look", () => clock.advance(300));
  const tools = [careful("pay"), slow];
  const { heart, model, stage } = await arrange({}, { clock, assistant: { tools: () => tools } });
  const ada = await stage.enter({ token: "ada" });
  const roomId = await createRoom(ada);
  await heart.rooms.invite(principal("ada"), roomId, "bob", "writer");
  const bob = await stage.enter({ token: "bob" });
  await bob.ask("join_room", { room_id: roomId, history: 0 });
  const sent = await ada.ask("send_message", { room_id: roomId, message: message("Pay", "7") });
  const whose = { message_id: sent["message_id"], user_id: "ada", client_message_id: "7" };
  expect(await bob.next(`turn_queued ${roomId}`)).toMatchObject(whose);
  const first = await model.asked();
  const started_at = new Date(clock.now()).toISOString();
  expect(await bob.next(`stream_start ${roomId}`)).toMatchObject({ ...whose, started_at });

  clock.advance(1_500);
  first.emit({ type: "tool-call", name: "look", arguments: "{}" });
  first.emit({ type: "tool-call", name: "pay", arguments: "{}" });
  first.finish();
  const isCall = ({ data }: Heard["payload"]): boolean => Object(data)["approval"] === "requested";
  const call = dataOf(await bob.next(`receive_message ${roomId}`, isCall));
  await bob.next(`receive_message ${roomId}`, ({ type }) => type === "sbaw.function_result");
  const late = await stage.enter({ token: "bob" });
  await late.ask("join_room", { room_id: roomId, history: 0 });
  const { cursor: _cursor, ...present } = await late.next(`stream_start ${roomId}`);
  expect(present).toEqual({ ...whose, started_at });

  clock.advance(60_000);
  await bob.ask("approve_function", { room_id: roomId, call_id: call["call_id"] });
  const second = await model.asked(1);
  clock.advance(700);
  second.finish();
  const isEnd = (payload: Heard["payload"]): boolean => dataOf(payload)["stop_reason"] === "stop";
  expect(dataOf(await bob.next(`receive_message ${roomId}`, isEnd))["duration_ms"]).toBe(2_500);
  const again = await stage.enter({ token: "bob" });
  await again.ask("join_room", { room_id: roomId, history: 1 });
  expect(dataOf(await again.next(`receive_message ${roomId}`, isEnd))["duration_ms"]).toBe(2_500);
});

test("a turn that was stopped while it waited ran as long as it had run; one that never ran says nothing", async () => {
  const clock = manualClock();
  const { model, stage } = await arrange({}, { clock, assistant: { tools: () => [careful("pay")] } });
  const ada = await stage.enter({ token: "ada" });
  const roomId = await createRoom(ada);
  await ada.ask("join_room", { room_id: roomId, history: 0 });
  for (const id of ["1", "2", "3"])
    await ada.ask("send_message", { room_id: roomId, message: message("Pay", id) });
  const first = await model.asked();
  clock.advance(1_000);
  first.emit({ type: "tool-call", name: "pay", arguments: "{}" });
  first.finish();
  await model.asked(1);
  clock.advance(5_000);
  const ends: unknown[] = [];
  for (const message_id of ["1", "3"]) {
    await ada.ask("cancel", { room_id: roomId, message_id });
    const isEnd = (payload: Heard["payload"]): boolean => dataOf(payload)["stop_reason"] === "cancelled";
    ends.push(dataOf(await ada.next(`receive_message ${roomId}`, isEnd))["duration_ms"]);
  }
  expect(ends).toEqual([1_000, undefined]);
});
