import { expect, test } from "vitest";
import { createLiveTexts } from "../../packages/server/src/stores/live-texts.ts";
import type { MemoryContent } from "../../packages/server/src/stores/memory-store.ts";
import { arrange, createRoom, join, message } from "./rooms-scene.ts";
import type { Heard } from "./rooms-stage.ts";

const isAnswer = ({ type }: Heard["payload"]): boolean => type === "sbaw.text_message.assistant";

/** What outlives a crash: the log and the journal. The first server is simply left behind, as kill -9 leaves it. */
const crash = async (said: string) => {
  const kept = { content: new Map() satisfies MemoryContent, journalContent: createLiveTexts() };
  const { heart, model, stage } = await arrange({}, kept);
  const ada = await stage.enter({ token: "ada" });
  const roomId = await createRoom(ada);
  await ada.ask("join_room", { room_id: roomId, history: 0 });
  await ada.ask("send_message", { room_id: roomId, message: message("Go") });
  (await model.asked()).say(said);
  const { cursor, message_id } = await ada.next(`stream_chunk ${roomId}`, ({ content }) => content === said);
  ada.hangUp();
  await heart.close();
  return { kept, roomId, cursor, message_id };
};

test("P4 after a crash the same words go on without a seam, for who comes back with a cursor", async () => {
  const { kept, roomId, cursor } = await crash("The answer is");
  const { model, stage } = await arrange({}, kept);
  const ada = await stage.enter({ token: "ada" });
  expect(await ada.ask("join_room", { room_id: roomId, cursor })).toMatchObject({ recovered: true });
  const call = await model.asked();
  call.say("The answer is 42");
  call.finish();
  expect(await ada.next(`stream_chunk ${roomId}`)).toMatchObject({ content: " 42", offset: 13 });
  expect(await ada.next(`receive_message ${roomId}`, isAnswer)).toMatchObject({
    data: { content: "The answer is 42", stop_reason: "stop" },
  });
  expect(ada.heard.some(({ payload }) => payload["reset"] === true)).toBe(false);
});

test("P4 other words are a reset for part 2, and for part 1 a stream that begins anew with the whole text", async () => {
  const { kept, roomId, cursor, message_id } = await crash("The answer is 41");
  const { model, stage } = await arrange({}, kept);
  const [knows, plain] = [await stage.enter({ token: "ada" }), await stage.enter({ token: "ada" })];
  await knows.ask("join_room", { room_id: roomId, cursor });
  await join(plain, roomId);
  expect(await plain.next(`stream_chunk ${roomId}`)).toMatchObject({
    content: "The answer is 41",
    offset: 0,
  });
  const call = await model.asked();
  call.say("The answer was 42");
  expect(await knows.next(`stream_chunk ${roomId}`)).toMatchObject({
    message_id,
    content: "was 42",
    offset: 11,
    reset: true,
  });
  expect(await plain.next(`stream_start ${roomId}`)).toMatchObject({ message_id });
  expect(await plain.next(`stream_chunk ${roomId}`)).toMatchObject({
    content: "The answer was 42",
    offset: 0,
  });
  call.finish();
  for (const guest of [knows, plain]) {
    expect(await guest.next(`receive_message ${roomId}`, isAnswer)).toMatchObject({
      data: { content: "The answer was 42" },
    });
  }
});

test("a message that was accepted before a crash is accepted still, and its room has its old id", async () => {
  const { kept, roomId } = await crash("Hello");
  const { model, stage } = await arrange({}, kept);
  const ada = await stage.enter({ token: "ada" });
  expect(await ada.ask("find_chat", { chat_id: "c1" })).toMatchObject({ room_id: roomId });
  const again = await ada.ask("send_message", { room_id: roomId, message: message("Go") });
  expect(again).toMatchObject({ ok: true, repeated: true });
  await join(ada, roomId);
  const call = await model.asked();
  call.say("Hello");
  call.finish();
  await ada.next(`receive_message ${roomId}`, isAnswer);
  expect(model.calls).toHaveLength(1);
});
