import { expect, test } from "vitest";
import { principal } from "../heart/bed.ts";
import { careful, remote } from "../heart/tool-kit.ts";
import { arrange, createRoom, join, message } from "./rooms-scene.ts";
import type { Guest } from "./rooms-stage.ts";

/** Ada's room, where a payment waits for an approval and a page for her program; bob may write there, carol may read. */
const arrangeWaiting = async () => {
  const tokens = Object.fromEntries(["ada", "bob", "carol", "eve"].map((name) => [name, principal(name)]));
  const scene = await arrange(
    { tokens },
    { assistant: { tools: () => [careful("pay"), remote("open_page")] } },
  );
  const { stage, model, heart } = scene;
  const [ada, bob, carol, eve] = [
    await stage.enter({ token: "ada" }),
    await stage.enter({ token: "bob" }),
    await stage.enter({ token: "carol" }),
    await stage.enter({ token: "eve" }),
  ];
  const ask = async (who: Guest, chatId: string, at: number): Promise<string> => {
    const roomId = await createRoom(who, chatId);
    await join(who, roomId);
    await who.ask("send_message", { room_id: roomId, message: message("Go") });
    const said = await model.asked(at);
    for (const name of ["pay", "open_page"]) said.emit({ type: "tool-call", name, arguments: "{}" });
    said.emit({ type: "finish", reason: "tool-calls" });
    said.finish();
    await who.next(`function_call ${roomId}`);
    return roomId;
  };
  const roomId = await ask(ada, "c1", 0);
  await heart.rooms.invite(principal("ada"), roomId, "bob", "writer");
  await heart.rooms.invite(principal("ada"), roomId, "carol", "reader");
  for (const guest of [bob, carol]) await join(guest, roomId);
  const evesRoom = await ask(eve, "c2", 1);
  return { ...scene, ada, bob, carol, eve, roomId, evesRoom };
};

const attempts = (roomId: string, n: number): readonly (readonly [string, object])[] => [
  ["approve_function", { room_id: roomId, call_id: `call_${n}_1` }],
  ["deny_function", { room_id: roomId, call_id: `call_${n}_1` }],
  ["function_result", { room_id: roomId, call_id: `call_${n}_2`, result: "forged" }],
  ["function_error", { room_id: roomId, call_id: `call_${n}_2`, error: "forged" }],
];

test("P11 calls of a room are decided and answered by nobody but those who may: not with its id, nor with one's own room's", async () => {
  const { ada, bob, carol, eve, roomId, evesRoom } = await arrangeWaiting();
  const call = ada.heard.find(({ payload }) => payload["type"] === "sbaw.function_call");
  const { call_id: first } = Object(call?.payload["data"]);
  const n = Number(/^call_(\d+)_1$/.exec(String(first))?.[1]);
  for (const [event, payload] of attempts(roomId, n)) {
    expect([event, await eve.ask(event, payload)]).toEqual([
      event,
      expect.objectContaining({ code: "not_found" }),
    ]);
    expect([event, await carol.ask(event, payload)]).toEqual([
      event,
      expect.objectContaining({ code: "not_allowed" }),
    ]);
  }
  // A call that a program of ada's runs is not bob's to answer, and one that waits for an approval is nobody's.
  for (const [event, payload] of attempts(roomId, n).slice(2))
    expect(await bob.ask(event, payload)).toMatchObject({ ok: false, code: "not_allowed" });
  const paid = { room_id: roomId, call_id: `call_${n}_1`, result: "paid" };
  for (const guest of [ada, bob])
    expect(await guest.ask("function_result", paid)).toMatchObject({ ok: false });
  // Calls of other rooms may have the same id; a decision is about one's own.
  expect(await eve.ask("deny_function", { room_id: evesRoom, call_id: `call_${n}_1` })).toMatchObject({
    ok: true,
  });
  await eve.next(`function_decided ${evesRoom}`);
  const told = [ada, bob, carol].flatMap(({ heard }) => heard.map(({ name }) => name.split(" ")[0]));
  expect(told.filter((name) => name === "function_decided" || name?.endsWith("left"))).toEqual([]);
  expect(ada.heard.some(({ payload }) => payload["type"] === "sbaw.function_result")).toBe(false);
  // What was refused was told to nobody else.
  expect(ada.heard.filter(({ name }) => /error/.test(name))).toHaveLength(1);
  expect(await bob.ask("approve_function", { room_id: roomId, call_id: `call_${n}_1` })).toMatchObject({
    ok: true,
  });
  expect(await ada.next(`function_decided ${roomId}`)).toMatchObject({ state: "granted", by: "bob" });
  expect(await ada.ask("function_result", { ...paid, call_id: `call_${n}_2` })).toMatchObject({ ok: true });
  expect(await ada.ask("function_result", { ...paid, call_id: `call_${n}_2` })).toMatchObject({ ok: false });
});
