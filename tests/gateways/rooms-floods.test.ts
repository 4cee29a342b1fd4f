import { once } from "node:events";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { wireLimits } from "../../packages/protocol/src/index.ts";
import { roomsNamespace } from "../../packages/protocol/src/rooms/index.ts";
import { principal } from "../heart/bed.ts";
import { until } from "../stand-ins/until.ts";
import { createHandClock } from "./hand-clock.ts";
import { arrange, createRoom } from "./rooms-scene.ts";
import type { Guest } from "./rooms-stage.ts";

const enginePath = "/socket.io/?EIO=4&transport=";

/** A WebSocket that speaks Engine.IO by hand. */
const raw = async (port: number, query = ""): Promise<WebSocket> => {
  const ws = new WebSocket(`ws://127.0.0.1:${port}${enginePath}websocket${query}`);
  ws.on("error", () => {});
  await once(ws, "open");
  return ws;
};

const joined = async (guest: Guest): Promise<Guest> => {
  expect(await guest.ask("join_room", { room: "r" })).toEqual({ ok: true });
  return guest;
};

const placeholders = (n: number): string => Array(n).fill('{"_placeholder":true,"num":0}').join(",");

test("P12 a packet that names the same bytes a hundred thousand times is refused, and costs nobody anything", async () => {
  const { stage } = await arrange();
  const ada = await joined(await stage.enter({ namespace: "/", token: "ada" }));
  const bob = await stage.enter({ token: "bob" });
  const roomId = await createRoom(bob);
  const say = ({ socket }: Guest, packet: string): void => {
    socket.io.engine.write(packet);
    socket.io.engine.write(Buffer.alloc(1_000_000));
  };
  say(ada, `51-["send_message",{"room":"r","message":[${placeholders(100_000)}]}]`);
  expect(await ada.next("room_error")).toMatchObject({ code: "bad_frame" });
  const settled = { room_id: roomId, call_id: "c" };
  const [head] = JSON.stringify(settled).split("}");
  say(bob, `51-${roomsNamespace},["function_result",${head},"result":[${placeholders(100_000)}]}]`);
  expect(await bob.next(`error ${roomId}`)).toMatchObject({ code: "bad_frame" });
});

test("P5 of the bytes that a packet says belong to it no more are kept than a frame may have", async () => {
  const { stage } = await arrange();
  const ada = await stage.enter({ token: "ada" });
  ada.socket.io.engine.write(`510-${roomsNamespace},["find_chat",{}]`);
  for (let i = 0; i < 3; i += 1) ada.socket.io.engine.write(Buffer.alloc(wireLimits.hardFrameBytes / 2));
  expect(await ada.lost).toMatch(/transport/);
});

test("P5 a poll's data of more packets than anybody means is refused, and its connection ended", async () => {
  const { stage } = await arrange();
  const url = `${stage.url}${enginePath}polling`;
  const opened = await (await fetch(url)).text();
  const { sid }: { sid: string } = JSON.parse(opened.slice(1));
  const refused = await fetch(`${url}&sid=${sid}`, { method: "POST", body: "3\x1e".repeat(10_000) });
  expect([refused.status, await refused.json()]).toEqual([
    413,
    expect.objectContaining({ code: "frame_too_large", retry: false }),
  ]);
  await until(() => stage.meter.connections === 0);
});

test("P11 a stranger tries a few tokens on a connection, not thousands", async () => {
  const { stage } = await arrange();
  const ws = await raw(stage.port);
  for (let i = 0; i < 1_000; i += 1) ws.send(`40${roomsNamespace},{"token":"guess ${i}"}`);
  await once(ws, "close");
  expect(stage.meter.refusals).toBeLessThan(20);
});

test("P5 a WebSocket that wants to take a polling connection over is no way to send large frames unknown", async () => {
  const { stage } = await arrange();
  const opened = await (await fetch(`${stage.url}${enginePath}polling`)).text();
  const { sid, maxPayload }: { sid: string; maxPayload: number } = JSON.parse(opened.slice(1));
  expect(maxPayload).toBe(wireLimits.hardFrameBytes);
  const ws = await raw(stage.port, `&sid=${sid}`);
  ws.send("2".repeat(2 * wireLimits.anonymousFrameBytes));
  const [code] = await once(ws, "close");
  expect(code).toBe(1009);
});

test("P5 what some send through the relay closes none of those who read slowly", async () => {
  const { stage } = await arrange({ settings: { maxUnreadBytes: 1024 * 1024 } });
  const [ada, bob] = [
    await joined(await stage.enter({ namespace: "/", token: "ada" })),
    await joined(await stage.enter({ namespace: "/", token: "bob" })),
  ];
  const { ws }: { ws: { _socket: { pause(): void; resume(): void } } } = Object(
    bob.socket.io.engine.transport,
  );
  ws._socket.pause();
  const message = "x".repeat(100_000);
  for (let i = 0; i < 30; i += 1)
    expect(await ada.ask("send_message", { room: "r", message })).toEqual({ ok: true });
  ws._socket.resume();
  expect(await bob.next("receive_message")).toMatchObject({ message });
  expect(await bob.ask("leave_room", { room: "r" })).toEqual({ ok: true });
  const told = bob.heard.filter(({ name }) => name === "receive_message");
  expect(told.length).toBeLessThan(10);
});

test("P12 relayed messages are limited in size and, by user, in number", async () => {
  const { stage } = await arrange({ publishesPerMinute: 2 });
  const ada = await joined(await stage.enter({ namespace: "/", token: "ada" }));
  const say = (message: unknown): Promise<object> => ada.ask("send_message", { room: "r", message });
  expect(await say("x".repeat(wireLimits.softFrameBytes))).toMatchObject({ code: "frame_too_large" });
  expect(await say("x")).toEqual({ ok: true });
  expect(await say("x")).toMatchObject({ code: "rate_limited", retry: true });
});

test("a token that runs out ends a connection to the plain relay too, unless it was refreshed there", async () => {
  const clock = createHandClock();
  const soon = { ...principal("ada"), expiresAt: clock.now() + 60_000 };
  const tokens = { soon, later: { ...soon, expiresAt: clock.now() + 600_000 }, bob: principal("bob") };
  const { stage } = await arrange({ clock, tokens });
  const enter = (): Promise<Guest> => stage.enter({ namespace: "/", token: "soon" });
  const [left, stays] = [await enter(), await enter()];
  expect(await stays.ask("refresh_token", { token: "bob" })).toMatchObject({ code: "not_allowed" });
  expect(await stays.ask("refresh_token", {})).toMatchObject({ code: "bad_frame" });
  expect(await stays.ask("refresh_token", { token: "later" })).toEqual({ ok: true });
  clock.advance(61_000);
  expect(await left.next("room_error")).toMatchObject({ code: "token_expired" });
  expect(await left.lost).toBe("transport close");
  expect(await stays.ask("join_room", { room: "r" })).toEqual({ ok: true });
});
