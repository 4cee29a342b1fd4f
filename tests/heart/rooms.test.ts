import { expect, test } from "vitest";
import type { Role } from "../../packages/protocol/src/index.ts";
import { everything } from "../../packages/server/src/auth/principal.ts";
import type { RoomKind } from "../../packages/server/src/conversation/room-kind.ts";
import type { RoomEvent } from "../../packages/server/src/conversation/rooms.ts";
import { ColloquyError } from "../../packages/server/src/kernel/colloquy-error.ts";
import type { MemoryContent } from "../../packages/server/src/stores/memory-store.ts";
import { createHandClock } from "../gateways/hand-clock.ts";
import { ada, makeBed, principal, type Bed } from "./bed.ts";
import { createPuppet } from "./puppet-model.ts";

const bob = principal("bob");
const eve = principal("eve");

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "fine",
    (thrown: unknown) => (thrown instanceof ColloquyError ? thrown.code : String(thrown)),
  );

const plain: RoomKind = { model: (id) => (id.startsWith("m") ? createPuppet() : undefined) };
const open = (content: MemoryContent = new Map(), kind: RoomKind = plain): Promise<Bed> =>
  makeBed({ model: createPuppet(), content, roomKinds: { aisuite: kind } });
const wish = { chatId: "1", source: "AiSuite", model: "aisuite.m:1" };

test("P11 a chat belongs to whoever makes its room, and of it others see no sign", async () => {
  const { heart } = await open();
  expect(await heart.rooms.find(ada, "1")).toBeUndefined();
  const room = await heart.rooms.create(ada, wish);
  expect(room).toMatchObject({ chatId: "1", source: "aisuite", model: "m:1", conversation: "chat:1" });
  expect(room.roomId).toMatch(/^room_[0-9a-f-]{36}$/);
  expect(await heart.rooms.find(ada, "1")).toEqual(room);
  expect(await heart.rooms.find(eve, "1")).toBeUndefined();
  expect(await codeOf(heart.rooms.create(eve, wish))).toBe("not_allowed");
  expect(await codeOf(heart.rooms.open(eve, room.roomId))).toBe("not_found");
  expect(await codeOf(heart.rooms.open(eve, "room_guessed"))).toBe("not_found");
  const asked = { text: "Hi", assistant: "aisuite.m:1" };
  expect(await codeOf(heart.prompt(eve, "chat:1", asked))).toBe("not_allowed");
  expect(await codeOf(heart.history(eve, "chat:1", {}))).toBe("not_allowed");
  expect(await codeOf(heart.cancel(eve, "chat:1"))).toBe("not_allowed");
  expect((await heart.list(eve, {})).conversations).toEqual([]);
  expect((await heart.list(ada, {})).conversations).toMatchObject([{ id: "chat:1" }]);
  expect(() => heart.rooms.sit(eve, room, () => {})).toThrow("not allowed");
});

test("P2 a room keeps its id, its members and its model over restarts", async () => {
  const content: MemoryContent = new Map();
  const first = await open(content);
  const room = await first.heart.rooms.create(ada, wish);
  await first.heart.rooms.invite(ada, room.roomId, "bob", "writer");
  await first.heart.rooms.create(ada, { ...wish, model: "m:2" });
  await first.heart.close();
  const { heart } = await open(content);
  expect(await heart.rooms.open(bob, room.roomId)).toEqual({ ...room, model: "m:2" });
  expect(await heart.rooms.find(bob, "1")).toMatchObject({ roomId: room.roomId });
  expect([...(await heart.rooms.members(bob, room.roomId))]).toEqual([
    ["ada", "owner"],
    ["bob", "writer"],
  ]);
  expect((await heart.list(bob, {})).conversations).toMatchObject([{ id: "chat:1" }]);
});

test("P11 two who make the same chat at once: one owns it, the other is refused", async () => {
  const { heart } = await open();
  const both = [heart.rooms.create(ada, wish), heart.rooms.create(bob, wish), heart.rooms.create(ada, wish)];
  expect(await Promise.all(both.map(codeOf))).toEqual(["fine", "not_allowed", "fine"]);
  const [first, , third] = await Promise.allSettled(both);
  expect(third).toEqual(first);
});

const deeds = (bed: Bed, roomId: string, who = bob) => ({
  read: () => codeOf(bed.heart.history(who, "chat:1", {})),
  prompt: () => codeOf(bed.heart.rooms.say(who, roomId, { type: "text", text: "Hi", data: {} })),
  stop: () => codeOf(bed.heart.cancel(who, "chat:1")),
  invite: () => codeOf(bed.heart.rooms.invite(who, roomId, "eve", "reader")),
  configure: () => codeOf(bed.heart.rooms.configure(who, roomId, { history: 4 })),
});

test.each<[Role | undefined, string[]]>([
  [undefined, []],
  ["reader", ["read"]],
  ["writer", ["read", "prompt", "stop"]],
  ["owner", ["read", "prompt", "stop", "invite", "configure"]],
])("P11 what a member may do who is %s", async (role, may) => {
  const bed = await open();
  const room = await bed.heart.rooms.create(ada, wish);
  if (role) await bed.heart.rooms.invite(ada, room.roomId, "bob", role);
  const done: string[] = [];
  for (const [name, deed] of Object.entries(deeds(bed, room.roomId)))
    if ((await deed()) === "fine") done.push(name);
  expect(done).toEqual(may);
});

test("P11 a token's claim makes a member too, but an invitation says more", async () => {
  const { heart } = await open();
  const room = await heart.rooms.create(ada, wish);
  const claimed = principal("bob", { ...everything, rooms: { "1": "writer" } });
  expect(await heart.rooms.find(claimed, "1")).toEqual(room);
  await heart.rooms.invite(ada, room.roomId, "bob", "reader");
  const say = heart.rooms.say(claimed, room.roomId, { type: "text", text: "Hi", data: {} });
  expect(await codeOf(say)).toBe("not_allowed");
});

test("P11 a room always has an owner; who is removed hears so and is out", async () => {
  const { heart, listen } = await open();
  const room = await heart.rooms.create(ada, wish);
  expect(await codeOf(heart.rooms.invite(ada, room.roomId, "ada", "writer"))).toBe("not_allowed");
  await heart.rooms.invite(ada, room.roomId, "bob", "reader");
  const heard: RoomEvent[] = [];
  heart.rooms.sit(bob, room, (event) => heard.push(event));
  await heart.enter(bob, "chat:1");
  const { ear } = listen("chat:1", { who: bob });
  const { ear: hers } = listen("chat:1");
  await heart.rooms.invite(ada, room.roomId, "bob", undefined);
  expect(heard).toEqual([{ kind: "removed", user: "bob" }]);
  expect([ear.fallen, hers.fallen]).toEqual([true, false]);
  expect(await codeOf(heart.rooms.open(bob, room.roomId))).toBe("not_found");
});

test("P11 a member is let in also where the store is slow and what nobody uses is forgotten meanwhile", async () => {
  const clock = createHandClock();
  const gate = Promise.withResolvers<void>();
  let waiting = false;
  const bed = await makeBed({
    model: createPuppet(),
    clock,
    roomKinds: { aisuite: plain },
    store: (store) => ({
      ...store,
      lead: async (...wish) => {
        if (waiting) await gate.promise;
        return store.lead(...wish);
      },
    }),
  });
  await bed.heart.rooms.create(ada, wish);
  clock.advance(60_000);
  waiting = true;
  const read = codeOf(bed.heart.history(ada, "chat:1", {}));
  clock.advance(60_000);
  gate.resolve();
  expect(await read).toBe("fine");
});

test("presence is by user: told with the first seat and the last", async () => {
  const { heart } = await open();
  const room = await heart.rooms.create(ada, wish);
  await heart.rooms.invite(ada, room.roomId, "bob", "reader");
  const heard: string[] = [];
  const hear = (event: RoomEvent): void => void heard.push(`${event.kind} ${event.user}`);
  expect(heart.rooms.sit(ada, room, hear).present).toEqual(["ada"]);
  const phone = heart.rooms.sit(bob, room, () => {});
  const laptop = heart.rooms.sit(bob, room, () => {});
  expect(laptop.present).toEqual(["ada", "bob"]);
  phone.leave();
  phone.leave();
  laptop.typing();
  phone.typing();
  laptop.leave();
  expect(heard).toEqual(["joined bob", "typing bob", "left bob"]);
});

test("a kind starts with its room, reads its messages, and is stopped when the room was empty for a while", async () => {
  const did: string[] = [];
  const kind: RoomKind = {
    ...plain,
    start: (room) => void did.push(`start ${room.chatId}`),
    handle: (_, message) => ({ text: message.text.toUpperCase() }),
    stop: (room) => void did.push(`stop ${room.chatId}`),
  };
  const clock = createHandClock();
  const bed = await makeBed({ model: createPuppet(), clock, roomKinds: { aisuite: kind } });
  const { heart } = bed;
  const room = await heart.rooms.create(ada, wish);
  const seat = heart.rooms.sit(ada, room, () => {});
  clock.advance(200_000);
  const saying = heart.rooms.say(ada, room.roomId, { type: "text", text: "loud", promptId: "p", data: {} });
  const said = await saying;
  expect((await heart.history(ada, "chat:1", {})).entries).toContainEqual(
    expect.objectContaining({ n: said.turn, text: "LOUD", assistant: "aisuite.m:1" }),
  );
  seat.leave();
  clock.advance(200_000);
  // Its turn ends first.
  expect(did).toEqual(["start 1"]);
  const cancelled = heart.cancel(ada, "chat:1");
  clock.advance(2_000);
  await cancelled;
  clock.advance(200_000);
  // Opened again while it is being stopped.
  await heart.rooms.open(ada, room.roomId);
  await heart.close();
  expect(did).toEqual(["start 1", "stop 1", "start 1", "stop 1"]);
});

test("P12 an unknown kind, an unknown model and a kind that cannot start are refused, and may be tried again", async () => {
  let works = false;
  const start = (): void => {
    if (!works) throw new Error("secret reason");
  };
  const { heart } = await open(new Map(), { ...plain, start });
  expect(await codeOf(heart.rooms.create(ada, { ...wish, source: "telepathy" }))).toBe("unknown_room_kind");
  expect(await codeOf(heart.rooms.create(ada, { ...wish, model: "x" }))).toBe("unknown_model");
  expect(await codeOf(heart.rooms.create(ada, { ...wish, chatId: "" }))).toBe("bad_frame");
  expect(await codeOf(heart.rooms.create(ada, wish))).toBe("room_failed");
  works = true;
  expect(await codeOf(heart.rooms.create(ada, wish))).toBe("fine");
});
