import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { wireLimits } from "../../packages/protocol/src/index.ts";
import { makeBed } from "../heart/bed.ts";
import { createPuppet } from "../heart/puppet-model.ts";
import { until } from "../stand-ins/until.ts";
import { withStatus, type Caller, type Heard } from "./caller.ts";
import { createHandClock } from "./hand-clock.ts";
import { setStage } from "./stage.ts";

const arrange = async () => {
  const model = createPuppet({ contextTokens: 1_000_000 });
  const { heart, meter } = await makeBed({ model });
  const clock = createHandClock();
  const stage = await setStage({ conversations: heart, clock });
  const sockets: Socket[] = [];
  stage.server.on("connection", (socket) => sockets.push(socket));
  /** A caller with the server's end of its socket. */
  const callWith = async (): Promise<{ caller: Caller; socket: Socket }> => {
    const n = sockets.length;
    const caller = await stage.call();
    const socket = sockets[n];
    if (!socket) throw new Error("no socket");
    return { caller, socket };
  };
  return { model, meter, clock, stage, callWith };
};

/** Frames, pings and the handshake: what is not counted as unconfirmed. */
const slack = 1024;
const kilobyte = "x".repeat(1000);

const publish = (caller: Caller, i: number, more: object = {}): void =>
  caller.say({ channel: "a", payload: { i, ...more, pad: kilobyte } });

const numbers = ({ heard }: Caller): unknown[] =>
  heard.flatMap(({ payload }) => (payload["pad"] === undefined ? [] : [payload["i"]]));

test("P5 no more than 16 KiB go out to a reader that reads nothing; when it reads again it has the whole text", async () => {
  const { model, callWith } = await arrange();
  const [slow, fast] = [await callWith(), await callWith()];
  for (const { caller } of [slow, fast]) caller.subscribe("a", { mode: "delta" });
  await Promise.all([slow.caller.settled(), fast.caller.settled()]);
  slow.caller.socket.pause();
  const before = slow.socket.bytesWritten;
  fast.caller.say({ channel: "a", message: "Hi", message_id: "m1" });
  const said = await model.asked();
  let text = "";
  for (let i = 0; i < 300; i += 1) {
    text += `${i} ${kilobyte.slice(0, 500)}`;
    said.say(`${i} ${kilobyte.slice(0, 500)}`);
    await fast.caller.next(({ payload }) => payload["delta"] !== undefined);
  }
  expect(slow.socket.bytesWritten - before).toBeLessThan(wireLimits.unconfirmedBytes + slack);
  slow.caller.socket.resume();
  said.finish();
  const end = await slow.caller.next(withStatus("completed"));
  expect(end.payload["message"]).toBe(text);
  const put = (all: string, { payload }: Heard): string =>
    typeof payload["delta"] === "string" ? all.slice(0, Number(payload["offset"])) + payload["delta"] : all;
  expect(slow.caller.heard.reduce(put, "")).toBe(text);
  expect(slow.caller.heard.length).toBeLessThan(100);
});

test("P5 one larger frame goes out only when nothing is outstanding", async () => {
  const { meter, callWith } = await arrange();
  const [slow, publisher] = [await callWith(), await callWith()];
  slow.caller.subscribe("a");
  await until(() => meter.readers === 1);
  slow.caller.socket.pause();
  const before = slow.socket.bytesWritten;
  const large = { channel: "a", payload: { i: 0, pad: "x".repeat(200_000) } };
  publisher.caller.say(large);
  publisher.caller.say({ ...large, payload: { ...large.payload, i: 1 } });
  await publisher.caller.settled();
  const written = slow.socket.bytesWritten - before;
  expect(written).toBeGreaterThan(200_000);
  expect(written).toBeLessThan(200_000 + slack);
  slow.caller.socket.resume();
  await slow.caller.next(({ payload }) => payload["i"] === 1);
});

test("P5 a part 1 reader that falls out of the ring is closed with 4508; nobody else notices", async () => {
  const { callWith } = await arrange();
  const [slow, good, publisher] = [await callWith(), await callWith(), await callWith()];
  slow.caller.subscribe("a");
  good.caller.subscribe("a");
  await Promise.all([slow.caller.settled(), good.caller.settled()]);
  slow.caller.socket.pause();
  for (let i = 0; i < 1000; i += 1) {
    publish(publisher.caller, i);
    if (i % 100 === 99) await good.caller.next(({ payload }) => payload["i"] === i);
  }
  slow.caller.socket.resume();
  expect((await slow.caller.closed).code).toBe(4508);
  expect(numbers(slow.caller)).toEqual(Array.from({ length: numbers(slow.caller).length }, (_, i) => i));
  expect(numbers(good.caller)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
});

test("a part 2 reader that falls out is told so and given the newest frame of each message", async () => {
  const { callWith } = await arrange();
  const [slow, good, publisher] = [await callWith(), await callWith(), await callWith()];
  slow.caller.subscribe("a", { id: "1" });
  good.caller.subscribe("a");
  await Promise.all([slow.caller.settled(), good.caller.settled()]);
  slow.caller.socket.pause();
  for (let i = 0; i < 1000; i += 1) {
    publish(publisher.caller, i, { message_id: `m${i % 3}`, status: "completed" });
    if (i % 100 === 99) await good.caller.next(({ payload }) => payload["i"] === i);
  }
  slow.caller.socket.resume();
  await slow.caller.next(({ payload }) => payload["i"] === 999);
  const lost = slow.caller.heard.findLastIndex(
    ({ payload }) => payload["recovered"] === false && payload["id"] === undefined,
  );
  expect(slow.caller.heard[lost]).toMatchObject({
    channel: "subscription",
    payload: { action: "subscribed" },
  });
  expect(slow.caller.heard.slice(lost + 1).map(({ payload }) => payload["i"])).toEqual([997, 998, 999]);
});

test("a slow reader gets only the newest in_progress of a message, and everything else", async () => {
  const { callWith } = await arrange();
  const [slow, good, publisher] = [await callWith(), await callWith(), await callWith()];
  slow.caller.subscribe("a");
  good.caller.subscribe("a");
  await Promise.all([slow.caller.settled(), good.caller.settled()]);
  slow.caller.socket.pause();
  for (let i = 0; i < 200; i += 1) {
    publish(publisher.caller, i, { message_id: "m1", status: i < 199 ? "in_progress" : "completed" });
  }
  await good.caller.next(({ payload }) => payload["i"] === 199);
  slow.caller.socket.resume();
  await slow.caller.next(({ payload }) => payload["i"] === 199);
  expect(numbers(slow.caller).length).toBeLessThan(50);
  expect(numbers(slow.caller).at(-1)).toBe(199);
});

test("a publisher that never reads its own echo is not cut for it", async () => {
  const { callWith } = await arrange();
  const [publisher, good] = [await callWith(), await callWith()];
  publisher.caller.subscribe("a");
  good.caller.subscribe("a");
  await Promise.all([publisher.caller.settled(), good.caller.settled()]);
  publisher.caller.socket.pause();
  for (let i = 0; i < 1000; i += 1) {
    publish(publisher.caller, i);
    if (i % 100 === 99) await good.caller.next(({ payload }) => payload["i"] === i);
  }
  publisher.caller.socket.resume();
  await publisher.caller.settled();
  publish(publisher.caller, 1000);
  await publisher.caller.next(({ payload }) => payload["i"] === 1000);
  expect(numbers(good.caller)).toHaveLength(1001);
});

test("P5 a peer that confirms what it has not read is sent no more than the kernel takes", async () => {
  const { clock, callWith } = await arrange();
  const [liar, publisher] = [await callWith(), await callWith()];
  liar.caller.subscribe("a");
  await liar.caller.settled();
  liar.caller.socket.pause();
  // It guesses: what was written, less the handshake and the pings, is what a pong would confirm.
  const confirmAll = (): void => {
    for (let other = 0; other < 1000; other += 1) {
      const forged = Buffer.alloc(6);
      forged.writeUIntBE(Math.max(0, liar.socket.bytesWritten - other), 0, 6);
      liar.caller.socket.pong(forged);
    }
  };
  for (let i = 0; i < 40; i += 1) {
    publisher.caller.say({ channel: "a", payload: { pad: "x".repeat(500_000) } });
    confirmAll();
    clock.advance(1_000);
    await publisher.caller.settled();
  }
  expect(liar.socket.writableLength).toBeLessThan(1_000_000);
});

test("P5 who asks on and on without reading the answers is closed with 4508", async () => {
  const { model, callWith } = await arrange();
  const { caller, socket } = await callWith();
  caller.say({ channel: "a", payload: { action: "prompt", message: "x".repeat(300_000), id: "1" } });
  await caller.next();
  (await model.asked()).finish();
  caller.socket.pause();
  for (let i = 0; i < 40; i += 1) caller.say({ channel: "a", payload: { action: "history" } });
  await until(() => socket.bytesWritten > 4 * 1024 * 1024);
  caller.socket.resume();
  expect((await caller.closed).code).toBe(4508);
  expect(socket.bytesWritten).toBeLessThan(6_000_000);
});
