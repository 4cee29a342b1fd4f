import { expect, test } from "vitest";
import { calls, createScriptedModel } from "../../packages/server/src/models/scripted-model.ts";
import { careful } from "../heart/tool-kit.ts";
import { makeBed, principal } from "../heart/bed.ts";
import { until } from "../stand-ins/until.ts";
import { arrange, createRoom, join, message } from "./rooms-scene.ts";
import { type Guest, plainKind, setRoomsStage } from "./rooms-stage.ts";

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;
const listOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);
const dataOf = (payload: Fields): Fields => (isFields(payload["data"]) ? payload["data"] : {});

const withFiles = (id: string, files: readonly object[]) => {
  const said = message("See", id);
  return { ...said, data: { item: { ...said.data.item, files } } };
};

/** Ada owns a room and has asked something in it, and a tool that must be approved has been called. */
const talk = async () => {
  const pay = careful("pay");
  const model = createScriptedModel((_request, call) =>
    call === 1 ? ["One moment.", { type: "reasoning", text: "hm" }, calls("pay", { eur: 5 })] : [" Paid."],
  );
  const assistant = { tools: () => [pay] };
  const bed = await makeBed({ model, assistant, roomKinds: { aisuite: plainKind(model) } });
  const tokens = { ada: principal("ada"), bob: principal("bob"), eve: principal("eve") };
  const stage = await setRoomsStage({ conversations: bed.heart, tokens });
  const ada = await stage.enter({ token: "ada" });
  const roomId = await createRoom(ada);
  await ada.ask("join_room", { room_id: roomId, history: 0 });
  return { ...bed, stage, ada, roomId };
};

/** All pages of history, the oldest message first. */
const readBack = async (guest: Guest, roomId: string, limit: number): Promise<readonly Fields[]> => {
  let all: readonly Fields[] = [];
  let before: unknown = undefined;
  do {
    const page = await guest.ask("history", { room_id: roomId, limit, before });
    expect(page["ok"]).toBe(true);
    all = [...listOf(page["messages"]), ...all];
    before = page["before"];
  } while (before !== null);
  return all;
};

test("P2 pages of history hold each message once, in order, as a join with history tells them", async () => {
  const { stage, ada, roomId } = await talk();
  const sent = await ada.ask("send_message", { room_id: roomId, message: message("Pay", "7") });
  const call = dataOf(
    await ada.next(`receive_message ${roomId}`, ({ type }) => type === "sbaw.function_call"),
  );
  await ada.ask("approve_function", { room_id: roomId, call_id: call["call_id"], reason: "fine" });
  await ada.next(`receive_message ${roomId}`, (payload) => dataOf(payload)["stop_reason"] === "stop");

  const late = await stage.enter({ token: "ada" });
  const joined = await late.ask("join_room", { room_id: roomId, history: 100 });
  expect(joined["before"]).toBe(null);
  const isEnd = (payload: Fields): boolean => dataOf(payload)["stop_reason"] === "stop";
  await late.next(`receive_message ${roomId}`, isEnd);
  const told = late.heard
    .filter(({ payload }) => payload["past"] === true)
    .map(({ payload: { past: _past, cursor: _cursor, ...rest } }) => rest);
  for (const limit of [1, 3, 100]) {
    const read = await readBack(late, roomId, limit);
    expect(
      read.map(({ type, data }) => (type === "sbaw.function_decided" ? data : { type, data })),
    ).toStrictEqual(told);
  }
  const read = await readBack(late, roomId, 5);
  expect(read.map(({ type }) => type)).toEqual([
    "sbaw.text_message.user",
    "sbaw.text_message.assistant",
    "sbaw.reasoning",
    "sbaw.function_call",
    "sbaw.function_decided",
    "sbaw.function_result",
    "sbaw.text_message.assistant",
    "sbaw.text_message.assistant",
  ]);
  expect(read[0]).toMatchObject({ data: { id: "7", user_id: "ada", message_id: sent["message_id"] } });
  expect(read[4]).toMatchObject({ data: { state: "granted", by: "ada", reason: "fine" } });
});

test("a join with history says what is older than that, and history goes on from there", async () => {
  const { model, stage } = await arrange();
  const ada = await stage.enter({ token: "ada" });
  const roomId = await createRoom(ada);
  await join(ada, roomId);
  for (const [n, text] of ["one", "two"].entries()) {
    await ada.ask("send_message", { room_id: roomId, message: message(text, text) });
    (await model.asked(n)).finish();
    await ada.next(`stream_end ${roomId}`);
  }
  const late = await stage.enter({ token: "ada" });
  const { before } = await late.ask("join_room", { room_id: roomId, history: 3 });
  const page = await late.ask("history", { room_id: roomId, before });
  expect(page["before"]).toBe(null);
  expect(listOf(page["messages"]).map((one) => dataOf(one)["content"])).toEqual(["one", ""]);
});

test("P11 history and files are for those who may read, and what is not there is said so", async () => {
  const { model, stage } = await arrange();
  const [ada, eve] = [await stage.enter({ token: "ada" }), await stage.enter({ token: "eve" })];
  const roomId = await createRoom(ada);
  const files = [{ name: "a.txt", type: "text/plain", content: "aGk=" }];
  const sent = await ada.ask("send_message", { room_id: roomId, message: withFiles("1", files) });
  await model.asked();
  const wish = { room_id: roomId, message_id: sent["message_id"], index: 0 };
  expect(await ada.ask("file", wish)).toEqual({ ok: true, ...files[0] });
  for (const wrong of [{ index: 1 }, { message_id: `${roomId}_1` }, { message_id: "1" }])
    expect(await ada.ask("file", { ...wish, ...wrong })).toMatchObject({ ok: false, code: "not_found" });
  expect(await eve.ask("file", wish)).toMatchObject({ ok: false, code: "not_found" });
  expect(await eve.ask("history", { room_id: roomId })).toMatchObject({ ok: false, code: "not_found" });
  expect(await eve.next(`error ${roomId}`)).toMatchObject({ code: "not_found" });
});

test("P5 a client that does not read gets one large answer and no more, and all of them when it reads", async () => {
  const { model, stage } = await arrange();
  const ada = await stage.enter({ token: "ada" });
  const roomId = await createRoom(ada);
  const content = "QUJD".repeat(200_000);
  const files = [{ name: "a.bin", type: "text/plain", content }];
  const sent = await ada.ask("send_message", { room_id: roomId, message: withFiles("1", files) });
  await model.asked();
  const n = stage.sockets.length;
  const slow = await stage.enter({ token: "ada" });
  const line = stage.sockets[n];
  const { ws }: { ws: { _socket: { pause(): void; resume(): void } } } = Object(
    slow.socket.io.engine.transport,
  );
  const before = line?.bytesWritten ?? 0;
  ws._socket.pause();
  const wish = { room_id: roomId, message_id: sent["message_id"], index: 0 };
  const asked = Array.from({ length: 8 }, () => slow.ask("file", wish));
  await until(() => (line?.bytesWritten ?? 0) - before > content.length);
  // What others ask meanwhile is answered, so there was time for a second one.
  for (let i = 0; i < 20; i += 1) await ada.ask("history", { room_id: roomId });
  expect((line?.bytesWritten ?? Infinity) - before).toBeLessThan(1.5 * content.length);
  ws._socket.resume();
  for (const answer of await Promise.all(asked)) expect(answer).toEqual({ ok: true, ...files[0] });
});

test("who waits for a large answer on the polling transport gets each of several", async () => {
  const { model, stage } = await arrange();
  const ada = await stage.enter({ token: "ada", transports: ["polling"] });
  const roomId = await createRoom(ada);
  await ada.ask("send_message", { room_id: roomId, message: message("Hi") });
  await model.asked();
  const pages = await Promise.all([1, 2, 3].map(() => ada.ask("history", { room_id: roomId })));
  for (const page of pages) expect(listOf(page["messages"])).toHaveLength(1);
});
