import { expect, test } from "vitest";
import { ColloquyError } from "../../packages/server/src/kernel/colloquy-error.ts";
import { systemClock } from "../../packages/server/src/kernel/clock.ts";
import { createModelPanel } from "../../packages/server/src/models/model-panel.ts";
import { createSequencerModel } from "../../packages/server/src/sequencer/sequencer-model.ts";
import type { MemoryContent } from "../../packages/server/src/stores/memory-store.ts";
import type { Store } from "../../packages/server/src/stores/store.ts";
import { makeBed, principal } from "../heart/bed.ts";
import { createPuppet } from "../heart/puppet-model.ts";
import { until } from "../stand-ins/until.ts";
import { arrange, createRoom, join, message } from "./rooms-scene.ts";
import { type Guest, type Heard, plainKind, setRoomsStage } from "./rooms-stage.ts";

const holds = (kind: string, append: Parameters<Store["append"]>[0]): boolean =>
  append.entries.some((entry) => entry.kind === kind);

test("P1 a prompt is durable before it is acknowledged; one that is not is refused, and may be sent again", async () => {
  const gate = Promise.withResolvers<void>();
  const fates = [() => gate.promise, () => Promise.reject(new ColloquyError("store_unavailable"))];
  const store = (plain: Store): Store => ({
    ...plain,
    async append(append) {
      if (holds("prompt", append)) await fates.shift()?.();
      return plain.append(append);
    },
  });
  const { heart, model, stage } = await arrange({}, { store });
  const [ada, bob] = [await stage.enter({ token: "ada" }), await stage.enter({ token: "bob" })];
  const roomId = await createRoom(ada);
  await heart.rooms.invite(principal("ada"), roomId, "bob", "writer");
  for (const guest of [ada, bob]) await join(guest, roomId);
  const ask = (id: string) => ada.ask("send_message", { room_id: roomId, message: message("Hi", id) });
  let acknowledged = false;
  const first = ask("1").finally(() => (acknowledged = true));
  await until(() => fates.length === 1);
  // What would have been said without the store has been said when this comes, behind it.
  await bob.ask("typing", { room_id: roomId });
  await ada.next("typing");
  expect([acknowledged, model.calls.length]).toEqual([false, 0]);
  expect(ada.heard.some(({ name }) => name === "message_sent 1")).toBe(false);
  gate.resolve();
  expect(await first).toMatchObject({ ok: true });
  await ada.next("message_sent 1");
  expect(await ask("2")).toMatchObject({ ok: false, code: "store_unavailable", retry: true });
  expect(await ada.next("message_error 2")).toMatchObject({ code: "store_unavailable" });
  expect(await ask("2")).toMatchObject({ ok: true, repeated: false });
});

test("P1 P3 the one end of a turn is told when it is durable, not before", async () => {
  const gate = Promise.withResolvers<void>();
  let tries = 0;
  const store = (plain: Store): Store => ({
    ...plain,
    async append(append) {
      if (!holds("turn-end", append)) return plain.append(append);
      tries += 1;
      if (tries === 1) throw new ColloquyError("store_unavailable");
      await gate.promise;
      return plain.append(append);
    },
  });
  const { model, stage } = await arrange({}, { store });
  const ada = await stage.enter({ token: "ada" });
  const roomId = await createRoom(ada);
  await join(ada, roomId);
  await ada.ask("send_message", { room_id: roomId, message: message("Hi") });
  const said = await model.asked();
  said.say("Hello");
  said.finish();
  await ada.next(`stream_chunk ${roomId}`);
  await until(() => tries === 2);
  await ada.ask("typing", { room_id: roomId });
  const ends = (): readonly string[] =>
    ada.heard.map(({ name }) => name).filter((name) => /^(stream_end|receive_message)/.test(name));
  expect(ends()).toEqual([]);
  gate.resolve();
  await ada.next(`receive_message ${roomId}`);
  expect(ends()).toEqual([`stream_end ${roomId}`, `receive_message ${roomId}`]);
});

/** Messages that a client was told of, without what only live or only past ones have. */
const told = ({ heard }: Guest, roomId: string): readonly string[] =>
  heard
    .filter(({ name }) => name === `receive_message ${roomId}`)
    .map(({ payload: { type, data } }) => {
      const { id, content, role, user_id: user } = Object(data);
      return JSON.stringify({ type, id, content, role, user });
    });

const isAnswer = ({ type }: Heard["payload"]): boolean => type === "sbaw.text_message.assistant";

test("P2 all who are in a room, and who comes later or after a restart, are told the same in the same order", async () => {
  const content: MemoryContent = new Map();
  const { heart, model, stage } = await arrange({}, { content });
  const guests = [
    await stage.enter({ token: "ada" }),
    await stage.enter({ token: "bob", transports: ["polling"] }),
  ];
  const [ada, bob] = guests;
  if (!ada || !bob) throw new Error("Nobody came.");
  const roomId = await createRoom(ada);
  await heart.rooms.invite(principal("ada"), roomId, "bob", "writer");
  // They only watch: whoever asks is not told of their own message.
  const watching = [
    await stage.enter({ token: "ada" }),
    await stage.enter({ token: "bob", transports: ["polling"] }),
  ];
  for (const guest of [...guests, ...watching]) await guest.ask("join_room", { room_id: roomId, history: 0 });
  await Promise.all(
    ["1", "2", "3"].flatMap((id) =>
      guests.map((guest) =>
        guest.ask("send_message", { room_id: roomId, message: message(`Say ${id}`, id) }),
      ),
    ),
  );
  for (let n = 0; n < 6; n += 1) {
    const said = await model.asked(n);
    said.say(`Answer ${n}`);
    said.finish();
  }
  for (const guest of watching)
    for (let n = 0; n < 6; n += 1) await guest.next(`receive_message ${roomId}`, isAnswer);
  const [first, second] = watching.map((guest) => told(guest, roomId));
  expect(first?.length).toBe(12);
  expect(second).toEqual(first);

  await heart.close();
  const { stage: next } = await arrange({}, { content });
  const late = await next.enter({ token: "bob" });
  await late.ask("join_room", { room_id: roomId, history: 200 });
  // Past answers and their ends are told apart; an end has no words.
  const words = (): readonly string[] => told(late, roomId).filter((line) => !line.includes('"content":""'));
  await until(() => words().length >= 12);
  expect(words()).toEqual(first);
});

test("P7 a room that asks many models at once hears one of them", async () => {
  const puppets = [createPuppet(), createPuppet()];
  const model = createSequencerModel({
    id: "sequencer:pair",
    panels: puppets.map((puppet, n) => createModelPanel(`model ${n}`, puppet)),
    policy: "first",
    deadlineMs: 20_000,
    claimMs: 20_000,
    clock: systemClock,
  });
  const { heart } = await makeBed({ model, roomKinds: { aisuite: plainKind(model) } });
  const stage = await setRoomsStage({ conversations: heart, tokens: { ada: principal("ada") } });
  const ada = await stage.enter({ token: "ada" });
  const roomId = await createRoom(ada);
  await ada.ask("join_room", { room_id: roomId, history: 0 });
  await ada.ask("send_message", { room_id: roomId, message: message("Who?") });
  const [slow, fast] = await Promise.all(puppets.map((puppet) => puppet.asked()));
  fast?.say("I am");
  await ada.next(`stream_chunk ${roomId}`);
  slow?.say("No, I am");
  slow?.finish();
  fast?.say(" the one");
  fast?.finish();
  await ada.next(`receive_message ${roomId}`, isAnswer);
  const late = await stage.enter({ token: "ada" });
  await late.ask("join_room", { room_id: roomId, history: 200 });
  await until(() => told(late, roomId).some((line) => line.includes("I am the one")));
  for (const guest of [ada, late]) expect(JSON.stringify(guest.heard)).not.toContain("No, I am");
  const answers = ada.heard.filter(({ payload }) => isAnswer(payload));
  expect(answers.map(({ payload }) => Object(payload["data"]).content)).toEqual(["I am the one"]);
});
