import { expect, onTestFinished, test } from "vitest";
import { everything } from "../../packages/server/src/auth/principal.ts";
import type { Caller } from "../gateways/caller.ts";
import { knock } from "../gateways/knock.ts";
import { principal } from "../heart/bed.ts";
import { until } from "../stand-ins/until.ts";
import { setWorkersStage } from "./stage.ts";

const codesOf = ({ heard }: Caller): unknown[] =>
  heard.flatMap((frame) => (frame.type === "error" ? [frame["code"]] : []));

/** Resolves when everything that was said before has been taken. */
const taken = async (caller: Caller): Promise<void> => {
  caller.say({ type: "ping" });
  await caller.next((frame) => frame.type === "pong");
};

test("P12 whatever a worker says, it is told what is wrong, and nobody else is disturbed", async () => {
  const stage = await setWorkersStage();
  await stage.hire("good", async function* () {
    yield "All ";
    await until(() => done);
    yield "is well.";
  });
  let done = false;
  const { ear } = await stage.ask();
  await ear.until(() => ear.texts.get(1) === "All ");
  const bad = await stage.call("bad");
  const id = "nobody's";
  for (const frame of [
    "{",
    "[]",
    '{"type":"final"}',
    '{"__proto__":{"type":"claim","id":"x"}}',
    { type: "delta", id, offset: "0", text: "x" },
    { type: "delta", id, offset: 0, text: 7 },
    { type: "delta", id, offset: 1e300, text: "x" },
    { type: "delta", id, offset: 0, text: "x" },
    { type: "claim", id: "__proto__" },
    { type: "final", id, text: "x" },
    { type: "register", name: "worse" },
    { type: "prompt", id, text: "x" },
    { type: "stop", id },
  ]) {
    bad.say(frame);
  }
  await taken(bad);
  const unreadable = "bad_json bad_frame bad_frame unknown_action bad_frame bad_frame bad_frame".split(" ");
  const meaningless = "not_found not_found not_found bad_frame unknown_action unknown_action".split(" ");
  expect(codesOf(bad)).toEqual([...unreadable, ...meaningless]);
  // An answer was being shown when it came, so it was not asked.
  expect(bad.heard.map(({ type }) => type)).not.toContain("prompt");
  done = true;
  await ear.untilEnded(1);
  expect([ear.texts.get(1), ear.ends.get(1)]).toEqual(["All is well.", "completed"]);
});

test("P12 P4 words about another's prompt, and pieces from the future, are not heard", async () => {
  const stage = await setWorkersStage();
  const a = await stage.call("a");
  const { ear } = await stage.ask();
  const { id } = await a.next((frame) => frame.type === "prompt");
  a.say({ type: "delta", id, offset: 0, text: "Me" });
  await ear.until(() => ear.texts.get(1) === "Me");
  const b = await stage.call("b");
  b.say({ type: "delta", id, offset: 2, text: " and b" });
  b.say({ type: "final", id });
  b.say({ type: "decline", id });
  await taken(b);
  expect(codesOf(b)).toEqual(["not_found", "not_found", "not_found"]);
  a.say({ type: "delta", id, offset: 9, text: "?" });
  const error = await a.next((frame) => frame.type === "error");
  expect(error).toMatchObject({ code: "bad_frame", id, offset: 2 });
  a.say({ type: "delta", id, offset: 1, text: "e!" });
  a.say({ type: "final", id });
  await ear.untilEnded(1);
  expect(ear.texts.get(1)).toBe("Me!");
});

test("P5 frames that are too large, and binary ones, end their connection and no other", async () => {
  const stage = await setWorkersStage();
  await stage.hire("good", () => "fine");
  const [large, binary, endless] = [
    await stage.call("large"),
    await stage.call("binary"),
    await stage.call("x"),
  ];
  large.say({ type: "claim", id: "p", rest: "x".repeat(1024 * 1024) });
  expect(await large.closed).toMatchObject({ code: 1009 });
  expect(codesOf(large)).toEqual(["frame_too_large"]);
  binary.socket.send(Buffer.from('{"type":"ping"}'));
  expect(await binary.closed).toMatchObject({ code: 1003 });
  endless.say({ type: "claim", id: "p", rest: "x".repeat(4 * 1024 * 1024) });
  expect((await endless.closed).code).not.toBe(1000);
  const { ear } = await stage.ask();
  await ear.untilEnded(1);
  expect(ear.ends.get(1)).toBe("completed");
});

test("P5 an answer that is too long is cut off, and the worker is told to stop", async () => {
  const stage = await setWorkersStage({ panel: { maxAnswerLength: 1_000 } });
  await stage.hire("a", async function* (_prompt, signal) {
    while (!signal.aborted) {
      yield "x".repeat(300);
      await new Promise(setImmediate);
    }
  });
  const { ear } = await stage.ask();
  await ear.untilEnded(1);
  expect([ear.texts.get(1)?.length, ear.ends.get(1)]).toEqual([900, "too_long"]);
});

test("P5 a worker that does not read is cut, and its prompt is lost when it does not come back", async () => {
  const stage = await setWorkersStage({ panel: { graceMs: 1 }, settings: { maxUnreadBytes: 256 * 1024 } });
  const deaf = await stage.call("deaf", { concurrency: 100 });
  deaf.socket.pause();
  for (let i = 0; i < 20 && stage.connected("deaf"); i += 1) {
    await stage.ask(`channel:${i}`, "x".repeat(64 * 1024));
    await new Promise(setImmediate);
  }
  await until(() => stage.heard.some(({ type }) => type === "lost"));
  expect(stage.connected("deaf")).toBe(false);
});

test("P5 a worker that is silent for too long is taken for dead", async () => {
  const stage = await setWorkersStage({ settings: { silenceMs: 60, pingEveryMs: 1_000 } });
  const mute = await stage.call("mute");
  expect(await mute.closed).toMatchObject({ code: 1006 });
  expect(stage.connected("mute")).toBe(false);
});

test("P11 only whom a token allows may answer, under the names that it lists, from places that are admitted", async () => {
  const ada = principal("ada", { ...everything, serve: ["skill-*"] });
  const tokens = {
    ada,
    bob: { ...ada, user: "bob" },
    guest: principal("guest", { ...everything, serve: [] }),
  };
  const stage = await setWorkersStage({ tokens, settings: { authenticateWithinMs: 5_000 } });
  const enter = async (token: string, name: string): Promise<Caller> => {
    const caller = await stage.call();
    onTestFinished(() => caller.hangUp());
    caller.say({ type: "authenticate", token, id: "1" });
    caller.say({ type: "register", name });
    return caller;
  };
  const stranger = await stage.call();
  stranger.say({ type: "register", name: "skill-a" });
  stranger.say({ type: "claim", id: "p" });
  await until(() => stranger.heard.length === 2);
  expect(codesOf(stranger)).toEqual(["not_authenticated", "bad_frame"]);
  const first = await enter("ada", "skill-a");
  await first.next((frame) => frame.type === "registered");
  expect(first.heard[0]).toEqual({ type: "authenticated", user: "ada", id: "1" });
  for (const [token, name, code] of [
    ["ada", "other", "not_allowed"],
    ["guest", "skill-b", "not_allowed"],
    ["bob", "skill-a", "not_allowed"],
  ] as const) {
    const caller = await enter(token, name);
    expect(await caller.closed).toMatchObject({ code: 4403 });
    expect(codesOf(caller)).toEqual([code]);
  }
  const forged = await enter("nonsense", "skill-a");
  await until(() => codesOf(forged).length === 2);
  expect(codesOf(forged)).toEqual(["token_invalid", "not_authenticated"]);
  first.say({ type: "authenticate", token: "bob", id: "2" });
  await until(() => codesOf(first).includes("not_allowed"));
  const again = await enter("ada", "skill-a");
  await again.next((frame) => frame.type === "registered");
  expect(await first.closed).toMatchObject({ code: 4403 });
  expect(await knock(stage.port, "/models", { origin: "http://evil.example" })).toMatchObject({
    status: 403,
  });
  expect(await knock(stage.port, "/models", { host: "evil.example" })).toMatchObject({ status: 421 });
  expect(await knock(stage.port, "/model")).toMatchObject({ status: 404 });
});

test("P11 a token that runs out ends the connection; who does not say who they are is sent away", async () => {
  const brief = { ...principal("ada"), expiresAt: Date.now() + 300 };
  const stage = await setWorkersStage({ tokens: { brief }, settings: { authenticateWithinMs: 100 } });
  const caller = await stage.call();
  caller.say({ type: "authenticate", token: "brief" });
  caller.say({ type: "register", name: "a" });
  await caller.next((frame) => frame.type === "registered");
  expect(await caller.closed).toMatchObject({ code: 4401 });
  expect(codesOf(caller)).toEqual(["token_expired"]);
  const nobody = await stage.call();
  expect(await nobody.closed).toMatchObject({ code: 4401 });
});

test("P5 no more workers than set: they are told to come later", async () => {
  const stage = await setWorkersStage({ panel: { maxWorkers: 1 } });
  await stage.call("a");
  const second = await stage.call();
  second.say({ type: "register", name: "b" });
  expect(await second.closed).toMatchObject({ code: 4529 });
  expect(codesOf(second)).toEqual(["too_many_connections"]);
});
