import { expect, test } from "vitest";
import { principal } from "../heart/bed.ts";
import { arrange, createRoom, join, message } from "./rooms-scene.ts";
import type { Heard } from "./rooms-stage.ts";

const isAnswer = ({ type }: Heard["payload"]): boolean => type === "sbaw.text_message.assistant";

test("acknowledgements carry the fields of the answers, or a code", async () => {
  const { model, stage } = await arrange();
  const ada = await stage.enter({ token: "ada" });
  expect(await ada.ask("find_chat", { chat_id: "c1" })).toEqual({ ok: true, room_id: null, chat_id: "c1" });
  const wish = { chat_id: "c1", model_api_source: "aisuite", model_id: "m:1" };
  const created = await ada.ask("create_room", wish);
  expect(created).toEqual({ ok: true, room_id: expect.any(String), chat_id: "c1", model_id: "m:1" });
  const roomId = String(created["room_id"]);
  expect(await ada.ask("join_room", { room_id: roomId, history: 0 })).toEqual({
    ok: true,
    room_id: roomId,
    chat_id: "c1",
    cursor: expect.any(String),
    recovered: false,
    before: expect.any(String),
    model_api_source: "aisuite",
    model_id: "m:1",
    present: ["ada"],
    user_id: "ada",
    role: "owner",
    members: [{ user_id: "ada", role: "owner" }],
    settings: {},
  });
  expect(await ada.next(`room_joined ${roomId}`)).toMatchObject({ present: ["ada"], role: "owner" });
  expect(await ada.ask("send_message", { room_id: roomId, message: message("Hi") })).toEqual({
    ok: true,
    success: true,
    message_id: expect.stringContaining(`${roomId}_`),
    client_message_id: "1700000000001",
    cursor: expect.any(String),
    repeated: false,
  });
  await model.asked();
  expect(await ada.ask("cancel", { room_id: roomId })).toEqual({ ok: true, room_id: roomId });
  expect(await ada.ask("create_room", { ...wish, model_id: "none" })).toEqual({
    ok: false,
    code: "unknown_model",
    error: expect.any(String),
    retry: false,
  });
  expect(await ada.next("room_error c1")).toMatchObject({ code: "unknown_model" });
  expect(await ada.ask("leave_room", { room_id: roomId })).toEqual({ ok: true, room_id: roomId });
});

test("P8 who joins in mid-turn is told that it runs, and has the text so far as one chunk", async () => {
  const { model, stage } = await arrange();
  const ada = await stage.enter({ token: "ada" });
  const roomId = await createRoom(ada);
  await join(ada, roomId);
  await ada.ask("send_message", { room_id: roomId, message: message("Hi") });
  const said = await model.asked();
  for (const piece of ["Hel", "lo", ", Ada"]) {
    said.say(piece);
    await ada.next(`stream_chunk ${roomId}`);
  }
  const late = await stage.enter({ token: "ada" });
  await join(late, roomId);
  const { message_id } = await late.next(`stream_start ${roomId}`);
  expect(await late.next(`stream_chunk ${roomId}`)).toMatchObject({
    message_id,
    content: "Hello, Ada",
    offset: 0,
    done: false,
  });
  said.finish();
  expect(await late.next(`receive_message ${roomId}`)).toMatchObject({ data: { content: "Hello, Ada" } });
});

test("a cursor gives exactly what was missed, in order, then live", async () => {
  const { model, stage } = await arrange();
  const ada = await stage.enter({ token: "ada" });
  const roomId = await createRoom(ada);
  const watching = await stage.enter({ token: "ada" });
  await watching.ask("join_room", { room_id: roomId, history: 0 });
  await ada.ask("send_message", { room_id: roomId, message: message("Hi") });
  expect(await watching.next(`turn_queued ${roomId}`)).toMatchObject({ client_message_id: "1700000000001" });
  const said = await model.asked();
  said.say("Hel");
  const { cursor } = await watching.next(`stream_chunk ${roomId}`);
  watching.hangUp();
  said.say("lo");
  said.finish();
  const again = await stage.enter({ token: "ada" });
  const joined = await again.ask("join_room", { room_id: roomId, cursor });
  expect(joined).toMatchObject({ ok: true, recovered: true, cursor });
  expect(await again.next(`stream_chunk ${roomId}`)).toMatchObject({ content: "lo", offset: 3 });
  const end = await again.next(`receive_message ${roomId}`, isAnswer);
  expect(end).toMatchObject({ data: { content: "Hello" } });
  await again.ask("send_message", { room_id: roomId, message: message("And?", "2") });
  expect(await again.next(`stream_start ${roomId}`)).toMatchObject({ message_id: expect.any(String) });
  const foreign = await again.ask("join_room", { room_id: roomId, cursor: "v1.of_another_log.7" });
  expect(foreign).toMatchObject({ ok: true, recovered: false });
});

test("history is told as past, in the same events", async () => {
  const { model, stage } = await arrange();
  const ada = await stage.enter({ token: "ada" });
  const roomId = await createRoom(ada);
  await join(ada, roomId);
  await ada.ask("send_message", { room_id: roomId, message: message("Hi") });
  const said = await model.asked();
  said.say("Hello");
  said.finish();
  await ada.next(`receive_message ${roomId}`, isAnswer);
  const late = await stage.enter({ token: "ada", transports: ["polling"] });
  await late.ask("join_room", { room_id: roomId, history: 50 });
  const past = [await late.next(`receive_message ${roomId}`), await late.next(`receive_message ${roomId}`)];
  expect(past).toMatchObject([
    { type: "sbaw.text_message.user", past: true, data: { content: "Hi", user_id: "ada" } },
    {
      type: "sbaw.text_message.assistant",
      past: true,
      data: { content: "Hello", offset: 0, stop_reason: null },
    },
  ]);
  expect(await late.next(`receive_message ${roomId}`)).toMatchObject({
    past: true,
    data: { content: "", stop_reason: "stop" },
  });
  expect(late.heard.some(({ name }) => name.startsWith("stream_"))).toBe(false);
});

test("P9 a member stops another's turn by the id of its stream, or one's own by one's own id", async () => {
  const { heart, model, stage } = await arrange();
  const [ada, bob] = [await stage.enter({ token: "ada" }), await stage.enter({ token: "bob" })];
  const roomId = await createRoom(ada);
  await heart.rooms.invite(principal("ada"), roomId, "bob", "writer");
  for (const guest of [ada, bob]) await join(guest, roomId);
  const sent = await ada.ask("send_message", { room_id: roomId, message: message("Hi") });
  await model.asked();
  const ids = { room_id: roomId, message_id: sent["message_id"] };
  expect(await bob.ask("cancel", ids)).toMatchObject({ ok: true });
  expect(await ada.next(`receive_message ${roomId}`)).toMatchObject({ data: { stop_reason: "cancelled" } });
  await bob.ask("send_message", { room_id: roomId, message: message("Hi", "7") });
  await model.asked(1);
  expect(await bob.ask("cancel", { room_id: roomId, message_id: "7" })).toMatchObject({ ok: true });
  expect(await ada.next(`receive_message ${roomId}`, isAnswer)).toMatchObject({
    data: { stop_reason: "cancelled" },
  });
  for (const message_id of [`${roomId}_1`, `${roomId}_999`, "nobody's"])
    expect(await bob.ask("cancel", { room_id: roomId, message_id })).toMatchObject({ code: "no_such_turn" });
});

test("P11 who is put out is shown out at once, and is told so", async () => {
  const { heart, stage } = await arrange();
  const [ada, bob] = [await stage.enter({ token: "ada" }), await stage.enter({ token: "bob" })];
  const roomId = await createRoom(ada);
  await join(ada, roomId);
  const invited = { room_id: roomId, user_id: "bob", role: "reader" };
  expect(await bob.ask("join_room", { room_id: roomId })).toMatchObject({ ok: false, code: "not_found" });
  expect(await bob.next(`room_join_error ${roomId}`)).toMatchObject({ code: "not_found" });
  expect(await bob.ask("invite", invited)).toMatchObject({ ok: false, code: "not_found" });
  expect(await ada.ask("invite", invited)).toEqual({ ok: true, ...invited });
  const joined = await bob.ask("join_room", { room_id: roomId });
  expect(joined).toMatchObject({
    ok: true,
    user_id: "bob",
    role: "reader",
    members: [
      { user_id: "ada", role: "owner" },
      { user_id: "bob", role: "reader" },
    ],
  });
  expect(joined).not.toHaveProperty("settings");
  expect(await bob.ask("send_message", { room_id: roomId, message: message("Hi") })).toMatchObject({
    code: "not_allowed",
  });
  expect(await bob.ask("invite", { ...invited, role: "owner" })).toMatchObject({ code: "not_allowed" });
  expect(await ada.ask("invite", { ...invited, role: null })).toMatchObject({ ok: true, role: null });
  expect(
    await bob.next(`error ${roomId}`, ({ error }) => error === "You are not allowed to do that here."),
  ).toBeDefined();
  expect(await bob.ask("typing", { room_id: roomId })).toMatchObject({ code: "not_allowed" });
  expect((await heart.rooms.members(principal("ada"), roomId)).has("bob")).toBe(false);
});

test("settings of a room are its owner's", async () => {
  const { heart, stage } = await arrange();
  const [ada, bob] = [await stage.enter({ token: "ada" }), await stage.enter({ token: "bob" })];
  const roomId = await createRoom(ada);
  await heart.rooms.invite(principal("ada"), roomId, "bob", "writer");
  const data = { instructions: "Be brief.", history_length: 3, auto_execute_functions: false };
  const event = { type: "sbaw.assistant.update_session", id: "e1", data };
  bob.socket.emit("event", { room_id: roomId, event });
  expect(await bob.next("event_error e1")).toMatchObject({ code: "not_allowed" });
  ada.socket.emit("event", { room_id: roomId, event });
  expect(await ada.next("event_received e1")).toEqual({ success: true });
  const room = await heart.rooms.open(principal("ada"), roomId);
  expect(room.settings).toEqual({ instructions: "Be brief.", history: 3, autoExecute: false });
  expect(await ada.ask("join_room", { room_id: roomId })).toMatchObject({ settings: data });
});
