import { expect, test } from "vitest";
import { principal } from "../heart/bed.ts";
import { until } from "../stand-ins/until.ts";
import { arrange, createRoom, join } from "./rooms-scene.ts";

test("the namespace / relays to the whole room, and only members send", async () => {
  const { stage } = await arrange();
  const [ada, bob] = [
    await stage.enter({ namespace: "/", token: "ada" }),
    await stage.enter({ namespace: "/", token: "bob", transports: ["polling"] }),
  ];
  for (const guest of [ada, bob]) {
    guest.socket.emit("join_room", { room: "r" });
    expect(await guest.next("room_joined")).toEqual({ room: "r" });
  }
  ada.socket.emit("send_message", { room: "r", message: { any: ["thing"] } });
  for (const guest of [ada, bob])
    expect(await guest.next("receive_message")).toEqual({ room: "r", message: { any: ["thing"] } });
  bob.socket.emit("leave_room", { room: "r" });
  expect(await bob.next("room_left")).toEqual({ room: "r" });
  bob.socket.emit("send_message", { room: "r", message: "x" });
  expect(await bob.next("room_error")).toMatchObject({ code: "not_allowed" });
});

test("presence is by user: joined with the first socket, left with the last; typing is told to the others", async () => {
  const { heart, stage } = await arrange();
  const ada = await stage.enter({ token: "ada" });
  const roomId = await createRoom(ada);
  await join(ada, roomId);
  await heart.rooms.invite(principal("ada"), roomId, "bob", "writer");
  const tabs = [
    await stage.enter({ token: "bob" }),
    await stage.enter({ token: "bob", transports: ["polling"] }),
  ];
  for (const tab of tabs) await join(tab, roomId);
  expect(await tabs[0]?.ask("typing", { room_id: roomId })).toEqual({ ok: true, room_id: roomId });
  tabs[0]?.hangUp();
  expect(await tabs[1]?.ask("typing", { room_id: roomId })).toMatchObject({ ok: true });
  await until(() => stage.gateway.socketsOf("bob").length === 1);
  const [last = ""] = stage.gateway.socketsOf("bob");
  expect(stage.gateway.userOf(last)).toBe("bob");
  tabs[1]?.hangUp();
  await ada.next("user_left");
  const told = ada.heard.filter(({ name }) => name.startsWith("user_") || name === "typing");
  const who = { room_id: roomId, user_id: "bob" };
  expect(told).toEqual([
    { name: "user_joined", payload: who },
    { name: "typing", payload: who },
    { name: "typing", payload: who },
    { name: "user_left", payload: who },
  ]);
  expect(stage.gateway.socketsOf("bob")).toEqual([]);
  expect(stage.gateway.userOf(last)).toBeUndefined();
});

test("P5 whoever types fast is told of once a second", async () => {
  const { heart, stage } = await arrange();
  const [ada, bob] = [await stage.enter({ token: "ada" }), await stage.enter({ token: "bob" })];
  const roomId = await createRoom(ada);
  await heart.rooms.invite(principal("ada"), roomId, "bob", "writer");
  await join(ada, roomId);
  await join(bob, roomId);
  for (let i = 0; i < 50; i += 1) bob.socket.emit("typing", { room_id: roomId });
  await bob.ask("leave_room", { room_id: roomId });
  await ada.next("user_left");
  expect(ada.heard.filter(({ name }) => name === "typing").length).toBeLessThan(3);
});

test("a room that lost its last polling client gives its place back when no poll comes any more", async () => {
  const { heart, stage } = await arrange({ settings: { pingEveryMs: 40, pongWithinMs: 40 } });
  const ada = await stage.enter({ token: "ada" });
  const roomId = await createRoom(ada);
  await join(ada, roomId);
  await heart.rooms.invite(principal("ada"), roomId, "bob", "reader");
  const url = `${stage.url}/socket.io/?EIO=4&transport=polling`;
  const opened = await (await fetch(url)).text();
  const { sid }: { sid: string } = JSON.parse(opened.slice(1));
  const post = (body: string): Promise<Response> => fetch(`${url}&sid=${sid}`, { method: "POST", body });
  await post('40/assistant/realtime,{"token":"bob"}');
  expect(await (await fetch(`${url}&sid=${sid}`)).text()).toContain('"sid"');
  await post(`42/assistant/realtime,["join_room",{"room_id":"${roomId}"}]`);
  expect(await ada.next("user_joined")).toMatchObject({ user_id: "bob" });
  expect(await ada.next("user_left")).toMatchObject({ user_id: "bob" });
  expect(stage.gateway.socketsOf("bob")).toEqual([]);
});

test("embedders broadcast to a room with or without the sender, and have namespaces of their own behind the same door", async () => {
  const { stage } = await arrange();
  const { gateway } = stage;
  const [first, second] = [await stage.enter({ token: "ada" }), await stage.enter({ token: "ada" })];
  const roomId = await createRoom(first);
  await join(first, roomId);
  await join(second, roomId);
  expect(gateway.broadcast(roomId, "news", { n: 1 })).toBe(2);
  expect(gateway.broadcast(roomId, "news", { n: 2 }, first.socket.id)).toBe(1);
  expect(gateway.broadcast("room_of_nobody", "news", {})).toBe(0);
  expect(gateway.broadcast(roomId, "news", { n: 3 })).toBe(2);
  expect([await first.next("news"), await first.next("news")]).toEqual([{ n: 1 }, { n: 3 }]);
  await second.next("news", ({ n }) => n === 3);
  expect(second.heard.filter(({ name }) => name === "news")).toHaveLength(3);

  gateway.io.of("/mine").on("connection", (socket) => {
    const { user }: { user: string } = socket.data;
    socket.emit("hello", { user });
  });
  const mine = await stage.enter({ namespace: "/mine", token: "bob" });
  expect(await mine.next("hello")).toEqual({ user: "bob" });
  await expect(stage.enter({ namespace: "/mine" })).rejects.toMatchObject({
    data: { code: "not_authenticated" },
  });
});
