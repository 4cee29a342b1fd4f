import { expect, test } from "vitest";
import { principal } from "../heart/bed.ts";
import type { PuppetCall } from "../heart/puppet-model.ts";
import { careful, remote, tool } from "../heart/tool-kit.ts";
import { arrange, createRoom, join, message } from "./rooms-scene.ts";
import type { Guest, Heard } from "./rooms-stage.ts";

const tools = [tool("weather", () => ({ degrees: 30 })), careful("pay"), remote("open_page")];

const arrangeTools = async () => {
  const scene = await arrange({}, { assistant: { tools: () => tools } });
  const [ada, bob] = [await scene.stage.enter({ token: "ada" }), await scene.stage.enter({ token: "bob" })];
  const roomId = await createRoom(ada);
  await scene.heart.rooms.invite(principal("ada"), roomId, "bob", "writer");
  for (const guest of [ada, bob]) await join(guest, roomId);
  await ada.ask("send_message", { room_id: roomId, message: message("Go") });
  return { ...scene, ada, bob, roomId };
};

const call = (said: PuppetCall, ...names: readonly string[]): void => {
  for (const name of names) said.emit({ type: "tool-call", name, arguments: '{"city":"Makati"}' });
  said.emit({ type: "finish", reason: "tool-calls" });
  said.finish();
};

const ofType =
  (type: string) =>
  (payload: Heard["payload"]): boolean =>
    payload["type"] === type;

const nextCall = (guest: Guest, roomId: string): Promise<Heard["payload"]> =>
  guest.next(`receive_message ${roomId}`, ofType("sbaw.function_call"));
const nextResult = (guest: Guest, roomId: string): Promise<Heard["payload"]> =>
  guest.next(`receive_message ${roomId}`, ofType("sbaw.function_result"));

test("tool calls and results are told as they happen, between the pieces of one answer", async () => {
  const { model, ada, bob, roomId } = await arrangeTools();
  const first = await model.asked();
  first.say("Let me see. ");
  call(first, "weather");
  const second = await model.asked(1);
  second.say("30 degrees.");
  second.finish();
  await bob.next(`receive_message ${roomId}`, ofType("sbaw.text_message.assistant"));
  const told = bob.heard.slice(bob.heard.findIndex(({ name }) => name.startsWith("stream_start")));
  expect(told.map(({ name, payload }) => payload["type"] ?? name.split(" ")[0])).toEqual([
    "stream_start",
    "stream_chunk",
    "sbaw.function_call",
    "sbaw.function_result",
    "stream_chunk",
    "stream_chunk",
    "stream_end",
    "sbaw.text_message.assistant",
  ]);
  expect(told[2]?.payload).toMatchObject({
    data: { name: "weather", arguments: { city: "Makati" }, role: "assistant", type: "function_call" },
  });
  const { call_id } = Object(told[2]?.payload["data"]);
  expect(told[3]?.payload).toMatchObject({
    data: { call_id, name: "weather", result: { degrees: 30 }, role: "system", type: "function_result" },
  });
  expect(told.at(-1)?.payload).toMatchObject({ data: { content: "Let me see. 30 degrees." } });
  expect(ada.heard.some(({ name }) => name.startsWith("function_call"))).toBe(false);
});

test("P10 calls that wait: one is denied by another member, one granted; both are told to the room", async () => {
  const { model, ada, bob, roomId } = await arrangeTools();
  call(await model.asked(), "pay", "pay");
  const calls = [await nextCall(ada, roomId), await nextCall(ada, roomId)];
  expect(calls).toMatchObject([
    { data: { approval: "requested", until: expect.any(String) } },
    { data: { approval: "requested" } },
  ]);
  const [one = "", two = ""] = calls.map(({ data }) => String(Object(data).call_id));
  expect(await bob.ask("deny_function", { room_id: roomId, call_id: one, reason: "too dear" })).toEqual({
    ok: true,
    call_id: one,
  });
  expect(await ada.next(`function_decided ${roomId}`)).toMatchObject({
    call_id: one,
    state: "denied",
    by: "bob",
    reason: "too dear",
  });
  expect(await ada.ask("approve_function", { room_id: roomId, call_id: one })).toMatchObject({
    code: "already_decided",
  });
  expect(await ada.next(`error ${roomId}`)).toMatchObject({ code: "already_decided" });
  ada.socket.emit("approve_function", { room_id: roomId, call_id: two });
  expect(await bob.next(`function_decided ${roomId}`, ({ state }) => state === "granted")).toMatchObject({
    call_id: two,
    by: "ada",
  });
  const results = [await nextResult(bob, roomId)];
  expect(results).toMatchObject([{ data: { call_id: two, outcome: "result" } }]);
  (await model.asked(1)).finish();
  for (const call_id of ["call_99_1", "x"]) {
    expect(await bob.ask("approve_function", { room_id: roomId, call_id })).toMatchObject({
      code: "no_such_call",
    });
  }
});

test("P8 who joins while a call waits is told of it", async () => {
  const { model, ada, stage, roomId } = await arrangeTools();
  call(await model.asked(), "pay");
  await nextCall(ada, roomId);
  const late = await stage.enter({ token: "ada" });
  await join(late, roomId);
  await late.next(`stream_start ${roomId}`);
  expect(await nextCall(late, roomId)).toMatchObject({ data: { name: "pay", approval: "requested" } });
});

test("a function of the client is called on the sockets of whoever asked, and nobody else's result counts", async () => {
  const { model, ada, bob, stage, roomId } = await arrangeTools();
  const tab = await stage.enter({ token: "ada", transports: ["polling"] });
  await join(tab, roomId);
  call(await model.asked(), "open_page");
  const called = await ada.next(`function_call ${roomId}`);
  expect(called).toMatchObject({ function_name: "open_page", arguments: { city: "Makati" } });
  expect(await tab.next(`function_call ${roomId}`)).toMatchObject({ call_id: called["call_id"] });
  const { data } = await nextCall(bob, roomId);
  expect(data).toMatchObject({ runs: "client", call_id: called["call_id"] });
  expect(bob.heard.some(({ name }) => name.startsWith("function_call"))).toBe(false);
  const answer = { call_id: called["call_id"], result: { opened: true } };
  expect(await bob.ask(`function_result ${roomId}`, answer)).toMatchObject({
    ok: false,
    code: "not_allowed",
  });
  expect(await ada.ask(`function_result ${roomId}`, answer)).toMatchObject({ ok: true });
  expect(await tab.ask(`function_error ${roomId}`, { ...answer, error: "no" })).toMatchObject({
    code: "already_decided",
  });
  expect(await nextResult(bob, roomId)).toMatchObject({ data: { result: { opened: true } } });
});
