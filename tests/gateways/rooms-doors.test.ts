import { once } from "node:events";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { principal } from "../heart/bed.ts";
import { until } from "../stand-ins/until.ts";
import { createHandClock } from "./hand-clock.ts";
import { arrange, createRoom, join, message } from "./rooms-scene.ts";
import { knock, type KnockOptions } from "./rooms-stage.ts";

const transports = [["websocket"], ["polling"]] as const;
const cookie = (token: string): KnockOptions => ({ extraHeaders: { cookie: `a=1; access_token=${token}` } });

test.each(transports)(
  "P11 whoever is nobody is refused with a code and reaches no room (%s)",
  async (transport) => {
    const { stage } = await arrange();
    const refusals: [KnockOptions, string][] = [
      [{}, "not_authenticated"],
      [{ token: "" }, "not_authenticated"],
      [{ auth: { other: 1 } }, "not_authenticated"],
      [{ auth: { token: 5 } }, "token_invalid"],
      [{ token: "guessed" }, "token_invalid"],
      [{ token: "expired" }, "token_expired"],
      [cookie("guessed"), "token_invalid"],
      [cookie("expired"), "token_expired"],
      [{ query: { token: "ada" } }, "not_authenticated"],
    ];
    for (const [options, code] of refusals) {
      const entering = stage.enter({ ...options, transports: [transport] });
      await expect(entering).rejects.toMatchObject({ data: { code }, message: expect.stringMatching(/\.$/) });
    }
  },
);

test.each(transports)("a cookie, a token and an allowed query let in (%s)", async (transport) => {
  const { stage } = await arrange({ allowQueryToken: true });
  for (const options of [
    cookie("ada"),
    { token: "ada" },
    { query: { token: "ada" } },
    { ...cookie("ada"), auth: {} },
  ]) {
    const guest = await stage.enter({ ...options, transports: [transport] });
    expect(await guest.ask("find_chat", { chat_id: "c" })).toMatchObject({ ok: true });
  }
});

test.each(transports)(
  "P11 a page of a foreign origin gets nothing with its visitor's cookie (%s)",
  async (transport) => {
    const { stage } = await arrange({ admission: { origins: ["https://listed.example"] } });
    const from = (origin: string, host?: string): KnockOptions => ({
      transports: [transport],
      extraHeaders: { cookie: "access_token=ada", origin, ...(host !== undefined && { host }) },
    });
    await expect(stage.enter(from("https://evil.example"))).rejects.toThrow(/error/);
    await expect(stage.enter(from("null"))).rejects.toThrow(/error/);
    await expect(
      stage.enter(from(`http://rebound.example:${stage.port}`, "rebound.example")),
    ).rejects.toThrow(/error/);
    const guest = await stage.enter(from("https://listed.example"));
    expect(await guest.ask("find_chat", { chat_id: "c" })).toMatchObject({ ok: true });
  },
);

test("a listed origin may read the answers with credentials, and no other", async () => {
  const { stage } = await arrange({ admission: { origins: ["https://listed.example"] } });
  const open = (origin: string): Promise<Response> =>
    fetch(`${stage.url}/socket.io/?EIO=4&transport=polling`, { headers: { origin } });
  const { status, headers } = await open("https://listed.example");
  expect([
    status,
    headers.get("access-control-allow-origin"),
    headers.get("access-control-allow-credentials"),
  ]).toEqual([200, "https://listed.example", "true"]);
  const refused = await open("https://evil.example");
  expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([403, null]);
});

test("P11 a connection that is open already is no way in for another origin, and scripts of other pages get no JSONP", async () => {
  const { stage } = await arrange();
  const url = `${stage.url}/socket.io/?EIO=4&transport=polling`;
  const { sid }: { sid: string } = JSON.parse((await (await fetch(url)).text()).slice(1));
  const origin = "https://evil.example";
  const post = { method: "POST", body: '40/assistant/realtime,{"token":"ada"}', headers: { origin } };
  const refused = [
    await fetch(`${url}&sid=${sid}`, post),
    await fetch(`${url}&j=0`),
    await fetch(`${url}&j`),
  ];
  for (const answer of refused)
    expect([answer.status, await answer.json()]).toMatchObject([403, { code: "origin_refused" }]);
  const upgrade = new WebSocket(`${url.replace("http", "ws").replace("polling", "websocket")}&sid=${sid}`, {
    origin,
  });
  const [error] = await once(upgrade, "error");
  expect(String(error)).toMatch(/403/);
});

const raw = async (port: number): Promise<WebSocket> => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
  await once(socket, "open");
  socket.on("error", () => {});
  return socket;
};

test("P12 events before a namespace is joined end that connection alone, and large frames before a sign-in too", async () => {
  const { stage } = await arrange();
  const ada = await stage.enter({ token: "ada" });
  const early = await raw(stage.port);
  early.send('42/assistant/realtime,["find_chat",{"chat_id":"c1"}]');
  await once(early, "close");
  const large = await raw(stage.port);
  large.send(`40/assistant/realtime,{"token":"${"x".repeat(70_000)}"}`);
  await once(large, "close");
  const garbage = await raw(stage.port);
  garbage.send("4garbage");
  await once(garbage, "close");
  expect(await ada.ask("find_chat", { chat_id: "c1" })).toMatchObject({ ok: true });
});

test("a connection that joins no namespace is closed after a while", async () => {
  const { stage } = await arrange({ settings: { connectWithinMs: 30 } });
  const [code] = await once(await raw(stage.port), "close");
  expect(code).toBe(1005);
});

const expiring = () => {
  const clock = createHandClock();
  const soon = { ...principal("ada"), expiresAt: clock.now() + 60_000 };
  const tokens = { soon, later: { ...soon, expiresAt: clock.now() + 600_000 }, bob: principal("bob") };
  return { clock, tokens };
};

test("a token that runs out in mid-turn ends the connection, not the turn; with a fresh one its client reads on", async () => {
  const { clock, tokens } = expiring();
  const { model, stage } = await arrange({ clock, tokens });
  const ada = await stage.enter({ token: "soon" });
  const roomId = await createRoom(ada);
  await ada.ask("join_room", { room_id: roomId, history: 0 });
  await ada.ask("send_message", { room_id: roomId, message: message("Hi") });
  const said = await model.asked();
  said.say("Hel");
  const { cursor } = await ada.next(`stream_chunk ${roomId}`);
  clock.advance(61_000);
  expect(await ada.next("room_error")).toMatchObject({ code: "token_expired" });
  // Not "io server disconnect": from that, clients never come back.
  expect(await ada.lost).toBe("transport close");
  said.say("lo");
  const again = await stage.enter({ token: "later" });
  expect(await again.ask("join_room", { room_id: roomId, cursor })).toMatchObject({ recovered: true });
  expect(await again.next(`stream_chunk ${roomId}`)).toMatchObject({ content: "lo", offset: 3 });
});

test("refresh_token prolongs a live socket, for the same user only", async () => {
  const { clock, tokens } = expiring();
  const { stage } = await arrange({ clock, tokens });
  const ada = await stage.enter({ token: "soon" });
  const roomId = await createRoom(ada);
  await join(ada, roomId);
  expect(await ada.ask("refresh_token", { token: "guessed" })).toMatchObject({ code: "token_invalid" });
  expect(await ada.ask("refresh_token", { token: "bob" })).toMatchObject({ code: "not_allowed" });
  expect(await ada.ask("refresh_token", { token: "later" })).toEqual({
    ok: true,
    user_id: "ada",
    expires_at: tokens.later.expiresAt / 1000,
  });
  clock.advance(61_000);
  expect(await ada.ask("typing", { room_id: roomId })).toMatchObject({ ok: true });
  clock.advance(600_000);
  await until(() => ada.socket.disconnected);
});

test("of a cookie it is looked at when it runs out only when one connects", async () => {
  const { clock, tokens } = expiring();
  const { stage } = await arrange({ clock, tokens });
  const ada = await stage.enter(cookie("soon"));
  clock.advance(700_000);
  expect(await ada.ask("find_chat", { chat_id: "c" })).toMatchObject({ ok: true });
});

test("P11 a fresh token that lets in to less shows its user out of what it does not let in to", async () => {
  const invited = { ...principal("bob").grants, rooms: { c1: "reader" } } as const;
  const tokens = { ada: principal("ada"), wide: principal("bob", invited), narrow: principal("bob") };
  const { stage } = await arrange({ tokens });
  const [ada, bob] = [await stage.enter({ token: "ada" }), await stage.enter({ token: "wide" })];
  const roomId = await createRoom(ada);
  await join(ada, roomId);
  expect(await bob.ask("join_room", { room_id: roomId })).toMatchObject({ ok: true, role: "reader" });
  expect(await bob.ask("refresh_token", { token: "narrow" })).toMatchObject({ ok: true });
  expect(await bob.next(`error ${roomId}`)).toMatchObject({ code: "not_found" });
  expect(await ada.next("user_left")).toMatchObject({ user_id: "bob" });
});

test(
  "a polling client that is not there any more keeps no server from ending",
  { timeout: 20_000 },
  async () => {
    const { stage } = await arrange({});
    await (await fetch(`${stage.url}/socket.io/?EIO=4&transport=polling`)).text();
    expect(stage.meter.connections).toBe(1);
    await stage.gateway.goodbye({ overMs: 0, backInMs: 0 });
    expect(stage.meter.connections).toBe(0);
  },
);

test("other wires' upgrades are left alone, and too many connections are refused", async () => {
  const { stage } = await arrange({ settings: { maxConnections: 1 } });
  const serves = (url: string): boolean => stage.gateway.serves(Object.assign(Object.create(null), { url }));
  expect(["/ws", "/models", "/socket.iox/", "/x/socket.io/", "/"].map(serves)).toEqual(Array(5).fill(false));
  expect(["/socket.io/?EIO=4", "/assistant/socket.io/"].map(serves)).toEqual([true, true]);
  await stage.enter({ token: "ada" });
  await expect(stage.enter({ token: "ada" })).rejects.toThrow(/error/);
});

test("a server that leaves closes connections so that clients come back, and takes no new ones", async () => {
  const { stage } = await arrange();
  const guests = [
    await stage.enter({ token: "ada" }),
    await stage.enter({ token: "ada", transports: ["polling"] }),
  ];
  await stage.gateway.goodbye({ overMs: 0, backInMs: 0 });
  for (const { lost } of guests) expect(await lost).toBe("transport close");
  await expect(stage.enter({ token: "ada" })).rejects.toThrow(/error/);
  const late = knock(stage.url, { token: "ada", transports: ["polling"] });
  expect(await late.lost).toMatch(/error/);
  late.hangUp();
  expect(stage.meter.connections).toBe(0);
});
