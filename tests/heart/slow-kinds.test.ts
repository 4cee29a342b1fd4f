import { expect, test } from "vitest";
import type { RoomKind } from "../../packages/server/src/conversation/room-kind.ts";
import type { RoomEvent } from "../../packages/server/src/conversation/rooms.ts";
import { createHandClock } from "../gateways/hand-clock.ts";
import { ada, makeBed, principal } from "./bed.ts";
import { createPuppet } from "./puppet-model.ts";
import { codeOf } from "./tool-kit.ts";

const never = (): Promise<never> => new Promise(() => {});
const model: RoomKind["model"] = () => createPuppet();
const message = { type: "text", text: "Hi", data: {} };
const soon = (): Promise<void> => new Promise((done) => setImmediate(done));

const open = async (...kinds: RoomKind[]) => {
  const clock = createHandClock();
  const roomKinds = Object.fromEntries(kinds.map((kind, i) => [`kind${i}`, kind]));
  const { heart } = await makeBed({ model: createPuppet(), clock, roomKinds });
  const create = (chatId: string, kind = 0) =>
    heart.rooms.create(ada, { chatId, source: `kind${kind}`, model: "m" });
  return { heart, clock, create };
};

test("a room whose kind never starts it is refused after a while; other rooms and the server's end do not wait", async () => {
  let hangs = true;
  const { heart, clock, create } = await open(
    { model, start: () => (hangs ? never() : undefined) },
    { model },
  );
  const first = codeOf(create("1"));
  await create("2", 1);
  await soon();
  clock.advance(15_000);
  expect(await first).toBe("room_failed");
  hangs = false;
  expect(await codeOf(create("1"))).toBe("no error");
  hangs = true;
  void codeOf(create("3"));
  await soon();
  const closing = heart.close();
  await soon();
  clock.advance(5_000);
  await closing;
});

test("the owner can set a room that its kind has not started yet", async () => {
  const { heart, create } = await open({ model, start: never });
  void codeOf(create("1"));
  await soon();
  const room = await heart.rooms.find(ada, "1");
  expect(await heart.rooms.configure(ada, room?.roomId ?? "", { history: 4 })).toMatchObject({
    settings: { history: 4 },
  });
});

test("a room that was started when nobody waited for it any more is stopped again", async () => {
  const started = Promise.withResolvers<void>();
  const did: string[] = [];
  const { clock, create } = await open({
    model,
    start: () => started.promise,
    stop: () => void did.push("stop"),
  });
  const first = codeOf(create("1"));
  await soon();
  clock.advance(15_000);
  expect(await first).toBe("room_failed");
  started.resolve();
  await soon();
  expect(did).toEqual(["stop"]);
});

test("a message that its kind never reads is refused after a while, and the next one is taken", async () => {
  let hangs = true;
  const handle = (): Promise<{ text: string }> => (hangs ? never() : Promise.resolve({ text: "read" }));
  const { heart, clock, create } = await open({ model, handle });
  const { roomId } = await create("1");
  const first = codeOf(heart.rooms.say(ada, roomId, message));
  await soon();
  hangs = false;
  expect(await codeOf(heart.rooms.say(ada, roomId, message))).toBe("no error");
  clock.advance(15_000);
  expect(await first).toBe("room_failed");
});

test("a kind that never stops its room does not keep it from being opened again", async () => {
  const { clock, heart, create } = await open({ model, stop: never });
  const { roomId } = await create("1");
  clock.advance(120_000);
  const again = codeOf(heart.rooms.open(ada, roomId));
  await soon();
  clock.advance(5_000);
  expect(await again).toBe("no error");
});

test("a room whose kind was changed while people were in it is stopped once they have left", async () => {
  const did: string[] = [];
  const kind = (name: string): RoomKind => ({ model, stop: () => void did.push(name) });
  const { clock, heart, create } = await open(kind("old"), kind("new"));
  const room = await create("1");
  const seat = heart.rooms.sit(ada, room, () => {});
  await create("1", 1);
  clock.advance(120_000);
  expect(did).toEqual(["old"]);
  seat.leave();
  clock.advance(120_000);
  await soon();
  expect(did).toEqual(["old", "new"]);
});

test("who is in a room that could not be changed to another kind is still there", async () => {
  const failing: RoomKind = {
    model,
    start: () => {
      throw new Error("no line");
    },
  };
  const { heart, create } = await open({ model }, failing);
  const room = await create("1");
  await heart.rooms.invite(ada, room.roomId, "bob", "reader");
  const heard: RoomEvent[] = [];
  heart.rooms.sit(ada, room, (event) => heard.push(event));
  expect(await codeOf(create("1", 1))).toBe("room_failed");
  await create("1");
  const { present } = heart.rooms.sit(principal("bob"), room, () => {});
  expect([present, heard]).toEqual([["ada", "bob"], [{ kind: "joined", user: "bob" }]]);
});

test("a room that stood empty for nearly too long is not closed under whoever is just coming in", async () => {
  const { clock, heart, create } = await open({ model });
  const room = await create("1");
  clock.advance(59_000);
  await heart.rooms.open(ada, room.roomId);
  clock.advance(31_000);
  await heart.enter(ada, room.conversation);
  expect(heart.rooms.sit(ada, room, () => {}).present).toEqual(["ada"]);
});
