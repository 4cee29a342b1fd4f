import { expect, test } from "vitest";
import { principal } from "../heart/bed.ts";
import { arrange, createRoom, join, message } from "./rooms-scene.ts";
import type { KnockOptions } from "./rooms-stage.ts";

const ways: [string, KnockOptions][] = [
  ["websocket at /socket.io/", { path: "/socket.io/", transports: ["websocket"] }],
  ["polling at /socket.io/", { path: "/socket.io/", transports: ["polling"] }],
  ["websocket at /assistant/socket.io/", { path: "/assistant/socket.io/", transports: ["websocket"] }],
  ["polling at /assistant/socket.io/", { path: "/assistant/socket.io/", transports: ["polling"] }],
  ["polling, then upgraded", { transports: ["polling", "websocket"] }],
];

test.each(ways)(
  "part 1 over %s: find, create, join, ask, and hear the answer in the stated order",
  async (_, way) => {
    const { model, heart, stage } = await arrange();
    const ada = await stage.enter({ ...way, token: "ada" });
    const roomId = await createRoom(ada);
    await join(ada, roomId);
    await heart.rooms.invite(principal("ada"), roomId, "bob", "writer");
    const bob = await stage.enter({ ...way, token: "bob" });
    bob.socket.emit("find_chat", { chat_id: "c1" });
    expect(await bob.next("room_found c1")).toEqual({ room_id: roomId, chat_id: "c1" });
    await join(bob, roomId);
    expect(await ada.next("user_joined")).toEqual({ room_id: roomId, user_id: "bob" });

    ada.socket.emit("send_message", { room_id: roomId, message: message("Hi") });
    expect(await ada.next("message_sent 1700000000001")).toEqual({ success: true });
    const said = await model.asked();
    said.say("Hel");
    await bob.next(`stream_chunk ${roomId}`);
    said.say("lo");
    await bob.next(`stream_chunk ${roomId}`);
    said.emit({ type: "usage", usage: { inputTokens: 3, outputTokens: 2 } });
    said.finish();
    await bob.next(`receive_message ${roomId}`, ({ type }) => type === "sbaw.text_message.assistant");
    const asked = bob.heard.findIndex(({ name }) => name === `receive_message ${roomId}`);
    const told = bob.heard.slice(asked);
    const names = told.map(({ name }) => name.replace(` ${roomId}`, ""));
    expect(names).toEqual([
      "receive_message",
      "stream_start",
      "stream_chunk",
      "stream_chunk",
      "stream_chunk",
      "stream_end",
      "receive_message",
    ]);
    const created_timestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(told[0]?.payload).toMatchObject({
      type: "sbaw.text_message.user",
      data: {
        id: "1700000000001",
        content: "Hi",
        model_id: "m:1",
        role: "user",
        type: "message",
        modality: "text",
        created_timestamp,
      },
    });
    const { message_id } = told[1]?.payload ?? {};
    expect(told.slice(2, 5).map(({ payload }) => payload)).toMatchObject([
      { message_id, content: "Hel", done: false, offset: 0 },
      { message_id, content: "lo", done: false, offset: 3 },
      { message_id, content: "", done: true, offset: 5 },
    ]);
    expect(told[6]?.payload).toMatchObject({
      type: "sbaw.text_message.assistant",
      data: {
        id: message_id,
        content: "Hello",
        model_id: expect.any(String),
        role: "assistant",
        type: "message",
        modality: "text",
        created_timestamp,
        token_usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
        stop_reason: "stop",
      },
    });
    await ada.next(`receive_message ${roomId}`, ({ type }) => type === "sbaw.text_message.assistant");
    const own = ada.heard.filter(({ payload }) => payload["type"] === "sbaw.text_message.user");
    expect(own).toEqual([]);

    ada.socket.emit("leave_room", { room_id: roomId });
    expect(await ada.next("room_left")).toEqual({ room_id: roomId });
    expect(await bob.next("user_left")).toEqual({ room_id: roomId, user_id: "ada" });
  },
);

test("the other tabs of the one who asks are told the message; the asking socket is not", async () => {
  const { model, stage } = await arrange();
  const [first, second] = [await stage.enter({ token: "ada" }), await stage.enter({ token: "ada" })];
  const roomId = await createRoom(first);
  await join(first, roomId);
  await join(second, roomId);
  first.socket.emit(`send_message ${roomId}`, { message: message("Hi") });
  expect(await second.next(`receive_message ${roomId}`)).toMatchObject({ data: { content: "Hi" } });
  (await model.asked()).finish();
  await first.next(`receive_message ${roomId}`);
  expect(first.heard.some(({ payload }) => payload["type"] === "sbaw.text_message.user")).toBe(false);
});

test("P9 stop_processing ends the turn with the partial text; the page's spinner is cleared", async () => {
  const { model, stage } = await arrange();
  const ada = await stage.enter({ token: "ada" });
  const roomId = await createRoom(ada);
  await join(ada, roomId);
  ada.socket.emit("send_message", { room_id: roomId, message: message("Hi") });
  const said = await model.asked();
  said.say("Hel");
  await ada.next(`stream_chunk ${roomId}`);
  ada.socket.emit("event", { room_id: roomId, event: { type: "sbaw.assistant.stop_processing", id: "e1" } });
  expect(await ada.next("event_received e1")).toEqual({ success: true });
  const end = await ada.next(`receive_message ${roomId}`);
  expect(end).toMatchObject({ data: { content: "Hel", stop_reason: "cancelled" } });
  expect(said.signal.aborted).toBe(true);
  expect(ada.heard.some(({ name }) => name === `stream_end ${roomId}`)).toBe(true);
});

test("P3 a failed turn is told in all the ways that pages know", async () => {
  const { model, stage } = await arrange();
  const ada = await stage.enter({ token: "ada" });
  const roomId = await createRoom(ada);
  await join(ada, roomId);
  ada.socket.emit("send_message", { room_id: roomId, message: message("Hi") });
  const said = await model.asked();
  said.say("Hel");
  await ada.next(`stream_chunk ${roomId}`);
  const before = ada.heard.length;
  said.fail(new Error("no more"));
  const end = await ada.next(
    `receive_message ${roomId}`,
    ({ type }) => type === "sbaw.text_message.assistant",
  );
  expect(end).toMatchObject({ data: { content: "Hel", stop_reason: "error" } });
  const told = ada.heard.slice(before).map(({ name }) => name);
  const room = roomId;
  expect(told).toEqual([
    `stream_chunk ${room}`,
    `receive_message ${room}`,
    "message_error",
    "error",
    `stream_error ${room}`,
    `receive_message ${room}`,
  ]);
});

test("after a lost connection clients find, create and join {} without waiting, and are told the old room's id", async () => {
  const { stage } = await arrange();
  const ada = await stage.enter({ token: "ada" });
  const roomId = await createRoom(ada);
  await join(ada, roomId);
  ada.socket.io.engine.close();
  const again = await stage.enter({ token: "ada" });
  again.socket.emit("find_chat", { chat_id: "c1" });
  again.socket.emit("create_room", { chat_id: "c1", model_api_source: "AISuite", model_id: "m:1" });
  again.socket.emit("join_room", {});
  expect(await again.next(`room_joined ${roomId}`)).toEqual({ room_id: roomId });
  const third = await stage.enter({ token: "ada" });
  third.socket.emit("join_room", {});
  expect(await third.next(`room_joined ${roomId}`)).toEqual({ room_id: roomId });
});

test("P6 the same message again is answered as the first was, and its sender gets what became of it", async () => {
  const { model, stage } = await arrange();
  const ada = await stage.enter({ token: "ada" });
  const roomId = await createRoom(ada);
  await join(ada, roomId);
  const asked = { room_id: roomId, message: message("Hi") };
  ada.socket.emit("send_message", asked);
  const said = await model.asked();
  said.say("Hello");
  said.finish();
  const isAnswer = ({ type }: { type?: unknown }) => type === "sbaw.text_message.assistant";
  const first = await ada.next(`receive_message ${roomId}`, isAnswer);
  ada.socket.emit("send_message", asked);
  await ada.next("message_sent 1700000000001");
  expect(await ada.next(`receive_message ${roomId}`, isAnswer)).toMatchObject({ data: first["data"] });
  expect(model.calls).toHaveLength(1);
  ada.socket.emit("send_message", { room_id: roomId, message: message("Something else") });
  expect(await ada.next("message_error 1700000000001")).toMatchObject({ code: "prompt_id_taken" });
});

test("files are announced to the room before they are made ready, and shown by name", async () => {
  const { stage } = await arrange();
  const [first, second] = [await stage.enter({ token: "ada" }), await stage.enter({ token: "ada" })];
  const roomId = await createRoom(first);
  await join(first, roomId);
  await join(second, roomId);
  const asked = message("Look");
  Object.assign(asked.data.item, { files: [{ filename: "a.txt", data: "data:text/plain;base64,aGk=" }] });
  first.socket.emit("send_message", { room_id: roomId, message: asked });
  const file = { type: "convert_to_text_for_llm", message: "Processing a.txt...", filename: "a.txt" };
  for (const guest of [first, second]) {
    expect(await guest.next("processing_files")).toEqual({ message: "Processing 1 file...", file_count: 1 });
    expect(await guest.next("sbaw.processing_file")).toEqual(file);
  }
  expect(await second.next(`receive_message ${roomId}`)).toMatchObject({
    data: { files: [{ name: "a.txt", type: "text/plain", size: 2 }] },
  });
});
