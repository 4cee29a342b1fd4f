import { expect, test } from "vitest";
import { wireLimits } from "../../packages/protocol/src/index.ts";
import { principal } from "../heart/bed.ts";
import { arrange, createRoom, join, message } from "./rooms-scene.ts";
import type { Guest } from "./rooms-stage.ts";

const wrong: readonly unknown[] = [undefined, null, "", 0, -1, true, [], {}, "x".repeat(300), [[["x"]]]];

/** Every event, with a whole payload for a room. */
const eventsOf = (room: string): Record<string, Record<string, unknown>> => ({
  find_chat: { chat_id: "c1" },
  create_room: { chat_id: "c1", model_api_source: "aisuite", model_id: "m:1" },
  join_room: { room_id: room, cursor: "v1.a.1", history: 3 },
  leave_room: { room_id: room },
  history: { room_id: room, before: "5", limit: 3 },
  file: { room_id: room, message_id: `${room}_3`, index: 0 },
  send_message: { room_id: room, message: message("Hi", "9"), model_id: "m:1" },
  [`send_message ${room}`]: { message: message("Hi", "9") },
  event: {
    room_id: room,
    event: { type: "sbaw.assistant.update_session", id: "e", data: { history_length: 3 } },
  },
  approve_function: { room_id: room, call_id: "call_1_1" },
  deny_function: { room_id: room, call_id: "call_1_1", reason: "no" },
  cancel: { room_id: room, message_id: "1" },
  typing: { room_id: room },
  invite: { room_id: room, user_id: "carol", role: "reader" },
  refresh_token: { token: "ada" },
  [`function_result ${room}`]: { call_id: "call_1_1", result: 1 },
  [`function_error ${room}`]: { call_id: "call_1_1", error: "x" },
});

const refusalNames = /^(room_error|room_join_error|message_error|event_error|error)( .+)?$/;
/** What a well-meant value may lead to as well. */
const answerNames =
  /^(room_found|room_not_found|room_created|room_joined|room_left|message_sent|event_received|receive_message|room_changed|turn_queued|stream_\w+)( .+)?$/;

test("P12 every event with every field missing, null, of the wrong type or too long: answered to the one who asked alone", async () => {
  const { heart, stage } = await arrange();
  const [ada, bob] = [await stage.enter({ token: "ada" }), await stage.enter({ token: "bob" })];
  const roomId = await createRoom(ada);
  await heart.rooms.invite(principal("ada"), roomId, "bob", "reader");
  await join(bob, roomId);
  for (const [event, whole] of Object.entries(eventsOf(roomId))) {
    for (const field of Object.keys(whole)) {
      for (const value of wrong) {
        const answer = await ada.ask(event, { ...whole, [field]: value });
        expect(typeof answer["ok"]).toBe("boolean");
        if (answer["ok"] !== true)
          expect([answer["code"], answer["error"]]).toEqual([expect.any(String), expect.any(String)]);
      }
    }
    for (const payload of wrong) expect(typeof (await ada.ask(event, payload))["ok"]).toBe("boolean");
  }
  for (const { name } of ada.heard) expect(name).toMatch(answerNames.test(name) ? answerNames : refusalNames);
  expect(bob.heard.filter(({ name }) => refusalNames.test(name))).toEqual([]);
  expect(await ada.ask("find_chat", { chat_id: "c1" })).toMatchObject({ ok: true, room_id: roomId });
});

test("P12 what has no name to answer under is answered by room_error", async () => {
  const { stage } = await arrange();
  const ada = await stage.enter({ token: "ada", transports: ["polling"] });
  const say = (event: string, ...args: readonly unknown[]): void => void ada.socket.emit(event, ...args);
  const senseless: [string, ...unknown[]][] = [
    ["dance", {}],
    ["find_chat"],
    ["send_message", { room_id: "x" }],
    ["send_message", "text", "more", 3],
    ["event", { event: null }],
    ["__proto__", {}],
    ["constructor", { room_id: "x" }],
    ["message", { a: Buffer.from("binary") }],
  ];
  for (const [event, ...args] of senseless) {
    say(event, ...args);
    expect(await ada.next("room_error")).toMatchObject({
      code: expect.stringMatching(/bad_frame|unknown_action/),
    });
  }
});

const refusalsOf = async (guest: Guest, roomId: string): Promise<unknown[]> => {
  const codes: unknown[] = [];
  for (const [event, payload] of Object.entries(eventsOf(roomId))) {
    if (["find_chat", "create_room", "refresh_token", "leave_room"].includes(event)) continue;
    codes.push((await guest.ask(event, payload))["code"]);
  }
  return codes;
};

test("P11 rooms of others, guessed ids and rooms that are not there cannot be told apart, and nothing comes of them", async () => {
  const { heart, model, stage } = await arrange();
  const [ada, eve] = [await stage.enter({ token: "ada" }), await stage.enter({ token: "eve" })];
  const roomId = await createRoom(ada);
  await join(ada, roomId);
  expect(await eve.ask("find_chat", { chat_id: "c1" })).toEqual({ ok: true, room_id: null, chat_id: "c1" });
  const wish = { chat_id: "c1", model_api_source: "aisuite", model_id: "m:1" };
  expect(await eve.ask("create_room", wish)).toMatchObject({ ok: false, code: "not_allowed" });
  const foreign = await refusalsOf(eve, roomId);
  expect(foreign).toEqual(await refusalsOf(eve, `${roomId.slice(0, -1)}0`));
  expect(new Set(foreign)).toEqual(new Set(["not_found", "not_allowed"]));
  eve.socket.emit("join_room", {});
  expect(await eve.next("room_error", ({ code }) => code === "not_found")).toBeDefined();
  eve.socket.emit("send_message", { room_id: roomId, message: message("Hi", "77") });
  expect(await eve.next("message_error 77")).toMatchObject({ code: "not_found" });
  expect(await eve.next("room_error")).toMatchObject({ code: "not_found" });
  expect(model.calls).toEqual([]);
  expect((await heart.rooms.members(principal("ada"), roomId)).size).toBe(1);
  expect(ada.heard.filter(({ name }) => name.includes("error") || name.startsWith("user_"))).toEqual([]);
});

test("P12 unknown sources and models, and a provider that does not start, are told under room_error {chat_id}", async () => {
  const { stage } = await arrange();
  const ada = await stage.enter({ token: "ada" });
  const wish = { chat_id: "c1", model_api_source: "aisuite", model_id: "m:1" };
  const refusals: [object, string][] = [
    [{ ...wish, model_api_source: "nobody" }, "unknown_room_kind"],
    [{ ...wish, model_id: "x:1" }, "unknown_model"],
    [{ ...wish, model_id: "aisuite." }, "bad_frame"],
    [{ chat_id: "c1" }, "bad_frame"],
  ];
  for (const [asked, code] of refusals) {
    ada.socket.emit("create_room", asked);
    expect(await ada.next("room_error c1")).toEqual({ code, error: expect.any(String), retry: false });
  }
});

test.each([["websocket"], ["polling"]])(
  "P12 what is larger than the wire takes ends that connection alone (%s)",
  async (transport) => {
    const { stage } = await arrange();
    const [ada, big] = [
      await stage.enter({ token: "ada" }),
      await stage.enter({ token: "ada", transports: [transport] }),
    ];
    const roomId = await createRoom(ada);
    const long = "x".repeat(wireLimits.softFrameBytes + 1);
    expect(await big.ask("send_message", { room_id: roomId, message: message(long, "5") })).toMatchObject({
      code: "bad_frame",
    });
    big.socket.emit("send_message", {
      room_id: roomId,
      message: message("x".repeat(wireLimits.hardFrameBytes)),
    });
    expect(await big.lost).toMatch(/transport/);
    expect(await ada.ask("find_chat", { chat_id: "c1" })).toMatchObject({ ok: true });
  },
);

test("P5 prompts are limited by user, on all of their sockets together", async () => {
  const { stage } = await arrange({ promptsPerMinute: 2 });
  const tabs = [await stage.enter({ token: "ada" }), await stage.enter({ token: "ada" })];
  const roomId = await createRoom(tabs[0] ?? (await stage.enter({ token: "ada" })));
  const codes: unknown[] = [];
  for (const [i, tab] of [...tabs, ...tabs].entries()) {
    const answer = await tab.ask("send_message", { room_id: roomId, message: message("Hi", `${i}`) });
    codes.push(answer["code"]);
  }
  expect(codes).toEqual([undefined, undefined, "rate_limited", "rate_limited"]);
});

test("P5 a socket is in so many rooms at most, and asks so much at once", async () => {
  const { heart, stage } = await arrange({ settings: { roomsPerSocket: 2 } });
  const ada = await stage.enter({ token: "ada" });
  const codes: unknown[] = [];
  for (const chatId of ["1", "2", "3"]) {
    const { roomId } = await heart.rooms.create(principal("ada"), {
      chatId,
      source: "aisuite",
      model: "m:1",
    });
    codes.push((await ada.ask("join_room", { room_id: roomId }))["code"]);
  }
  expect(codes).toEqual([undefined, undefined, "too_many_channels"]);
  const asked = Array.from({ length: 1_000 }, (_, i) => ada.ask("find_chat", { chat_id: `${i}` }));
  const answers = await Promise.all(asked);
  expect(new Set(answers.map(({ code }) => code))).toEqual(new Set([undefined, "rate_limited"]));
});
