import { expect, test } from "vitest";
import type { Principal } from "../../packages/server/src/auth/principal.ts";
import { makeBed, principal } from "../heart/bed.ts";
import { createPuppet } from "../heart/puppet-model.ts";
import { withStatus, type Caller } from "./caller.ts";
import { createHandClock } from "./hand-clock.ts";
import { setStage } from "./stage.ts";

const only = (channel: string): Principal["grants"] => ({
  read: [channel],
  prompt: [channel],
  publish: [],
  stop: [],
});

const arrange = async (more: { allowQueryToken?: boolean; lasts?: number } = {}) => {
  const clock = createHandClock();
  const expiresAt = clock.now() + (more.lasts ?? 3_600_000);
  const tokens: Record<string, Principal> = {
    ada: { ...principal("ada"), expiresAt },
    "ada again": { ...principal("ada"), expiresAt: expiresAt + 3_600_000 },
    "ada, less": { ...principal("ada", only("b")), expiresAt },
    eve: principal("eve", only("e")),
  };
  const model = createPuppet();
  const { heart } = await makeBed({ model });
  const stage = await setStage({
    conversations: heart,
    tokens,
    clock,
    allowQueryToken: more.allowQueryToken ?? false,
  });
  return { clock, model, stage };
};

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const authenticate = (caller: Caller, token: string, id = "t"): void =>
  caller.say({ channel: "connection", payload: { action: "authenticate", token, id } });
const code = async (caller: Caller): Promise<unknown> =>
  (await caller.next(withStatus("error"))).payload["code"];

test("P11 a token comes in the Authorization header, a cookie, or in band; a query only where it is allowed", async () => {
  const { stage } = await arrange({ allowQueryToken: true });
  const [header, cookie, inBand, query] = await Promise.all([
    stage.call(bearer("ada")),
    stage.call({ headers: { cookie: "x=1; access_token=ada" } }),
    stage.call(),
    stage.call({}, "?token=ada"),
  ]);
  authenticate(inBand, "ada");
  expect(await inBand.next()).toMatchObject({
    channel: "connection",
    payload: { action: "authenticated", user: "ada", id: "t", expires_at: expect.any(Number) },
  });
  for (const caller of [header, cookie, inBand, query]) {
    caller.subscribe("a", { id: "1" });
    expect((await caller.next()).payload).toMatchObject({ action: "subscribed" });
  }
  const strict = await arrange();
  const refused = await strict.stage.call({}, "?token=ada");
  refused.subscribe("a", { id: "1" });
  expect((await refused.next()).payload).toMatchObject({ code: "not_authenticated", id: "1" });
});

test("P11 nothing is served before it is known who is there, and who does not say in time is closed with 4401", async () => {
  const { clock, model, stage } = await arrange();
  const caller = await stage.call();
  for (const frame of [
    { channel: "subscription", payload: { action: "subscribe", channel: "a" } },
    { channel: "a", payload: { message: "x" } },
    { channel: "a", message: "x", message_id: "m1" },
    { channel: "a", payload: { action: "history" } },
    { channel: "connection", payload: { action: "conversations" } },
  ]) {
    caller.say(frame);
    expect(await code(caller)).toBe("not_authenticated");
  }
  expect(model.calls).toEqual([]);
  clock.advance(9_000);
  await caller.settled();
  clock.advance(2_000);
  expect((await caller.closed).code).toBe(4401);
});

test("P11 wrong and expired tokens: 4401 at the door, an error in band, where another try is free", async () => {
  const { stage } = await arrange();
  for (const [token, expected] of [
    ["stolen", "token_invalid"],
    ["expired", "token_expired"],
  ] as const) {
    const atDoor = await stage.call(bearer(token));
    expect(await code(atDoor)).toBe(expected);
    expect(await atDoor.closed).toEqual({ code: 4401, reason: expected });
    const inBand = await stage.call();
    authenticate(inBand, token);
    expect((await inBand.next()).payload).toMatchObject({ code: expected, id: "t" });
    authenticate(inBand, "ada");
    expect((await inBand.next()).payload["action"]).toBe("authenticated");
  }
});

test("frames behind an authenticate wait for it", async () => {
  const { stage } = await arrange();
  const caller = await stage.call();
  authenticate(caller, "ada");
  caller.subscribe("a");
  for (let i = 0; i < 500; i += 1) caller.say({ channel: "a", payload: { i } });
  await caller.next(({ payload }) => payload["i"] === 499);
  expect(caller.heard.slice(1).map(({ payload }) => payload["i"])).toEqual(
    Array.from({ length: 500 }, (_, i) => i),
  );
});

test("before authentication a frame over 64 KiB closes the connection at once; afterwards a megabyte is taken", async () => {
  const { stage } = await arrange();
  const large = { channel: "a", payload: { x: "x".repeat(100_000) } };
  const stranger = await stage.call();
  stranger.say(large);
  expect((await stranger.closed).code).toBe(1009);
  expect(stranger.heard).toEqual([]);
  const [inBand, atDoor] = await Promise.all([stage.call(), stage.call(bearer("ada"))]);
  authenticate(inBand, "ada");
  await inBand.next();
  for (const caller of [inBand, atDoor]) {
    caller.subscribe("a");
    caller.say(large);
    expect((await caller.next()).payload).toEqual(large.payload);
  }
});

test("P11 a token's end is enforced on the live socket, unless a fresh one came in band; the turn runs on", async () => {
  const { clock, model, stage } = await arrange({ lasts: 60_000 });
  const [fresh, stale] = await Promise.all([stage.call(bearer("ada")), stage.call(bearer("ada"))]);
  fresh.subscribe("a");
  fresh.say({ channel: "a", message: "Hi", message_id: "m1" });
  (await model.asked()).say("So ");
  await fresh.next(withStatus("in_progress"));
  authenticate(fresh, "ada again");
  expect((await fresh.next()).payload["action"]).toBe("authenticated");
  clock.advance(61_000);
  expect(await code(stale)).toBe("token_expired");
  expect((await stale.closed).code).toBe(4401);
  (await model.asked()).say("far");
  expect((await fresh.next(withStatus("in_progress"))).payload["message"]).toBe("So far");
});

test("P11 a fresh token that grants less ends what it does not grant; another user's token is refused", async () => {
  const { stage } = await arrange();
  const [caller, publisher] = await Promise.all([stage.call(bearer("ada")), stage.call(bearer("ada"))]);
  for (const channel of ["a", "b"]) caller.subscribe(channel);
  authenticate(caller, "eve");
  expect((await caller.next()).payload).toMatchObject({ code: "not_allowed", id: "t" });
  authenticate(caller, "ada, less");
  expect(await caller.next()).toMatchObject({ channel: "a", payload: { code: "not_allowed" } });
  expect((await caller.next()).payload["action"]).toBe("authenticated");
  for (const channel of ["a", "b"]) publisher.say({ channel, payload: { channel } });
  expect((await caller.next()).payload).toEqual({ channel: "b" });
});

test("P11 each thing is allowed or not by itself, in each channel", async () => {
  const { model, stage } = await arrange();
  const eve = await stage.call(bearer("eve"));
  const refused = async (frame: object): Promise<void> => {
    eve.say(frame);
    expect(await code(eve)).toBe("not_allowed");
  };
  await refused({ channel: "subscription", payload: { action: "subscribe", channel: "a" } });
  await refused({ channel: "a", message: "Hi", message_id: "m1" });
  await refused({ channel: "a", payload: { action: "history" } });
  await refused({ channel: "a", payload: { action: "cancel" } });
  await refused({ channel: "a", payload: { message: "forged" } });
  await refused({ channel: "e", payload: { message: "no right to publish" } });
  await refused({ channel: "subscription", payload: { action: "subscribe", channel: "seq:main" } });
  eve.subscribe("e");
  eve.say({ channel: "e", message: "Hi", message_id: "m1" });
  expect((await eve.next()).payload["status"]).toBe("started");
  expect(model.calls).toHaveLength(1);
});

test("P11 everything may be granted, and still a conversation with a colon is for its members only", async () => {
  const { stage } = await arrange();
  const ada = await stage.call(bearer("ada"));
  for (const channel of ["chat:1", "room:main"]) {
    ada.subscribe(channel, { id: channel });
    expect((await ada.next()).payload).toMatchObject({ code: "not_allowed", id: channel });
  }
});
