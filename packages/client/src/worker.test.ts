import { expect, onTestFinished, test } from "vitest";
import { handSockets } from "../../../tests/stand-ins/hand-socket.ts";
import { until } from "../../../tests/stand-ins/until.ts";
import type { WorkerLog, WorkerOptions, WorkerReply } from "./model-worker.ts";
import { worker } from "./worker.ts";

const hire = (respond: WorkerOptions["respond"], more: Partial<WorkerOptions> = {}) => {
  const { WebSocket, sockets } = handSockets();
  const logs: WorkerLog[] = [];
  const one = worker({
    url: "ws://hand-made",
    name: "clock",
    WebSocket,
    respond,
    reconnect: { baseMs: 1, maxMs: 1 },
    onLog: (event) => logs.push(event),
    ...more,
  });
  onTestFinished(() => one.close());
  const socket = () => {
    const newest = sockets.at(-1);
    if (!newest) throw new Error("no socket was opened");
    return newest;
  };
  /** Everything that was said on the newest socket. */
  const said = (): Record<string, string | number | undefined>[] =>
    (sockets.at(-1)?.sent ?? []).map((text): Record<string, string | number> => JSON.parse(text));
  const types = (): string[] => said().map(({ type }) => String(type));
  const registered = async (inHand: readonly object[] = []): Promise<void> => {
    await until(() => types().includes("register"));
    socket().sent.length = 0;
    socket().say({ type: "registered", name: "clock", in_hand: inHand });
  };
  const prompt = (id: string, text = "Who?"): void =>
    socket().say({ type: "prompt", id, text, history: [], conversation: "c", author: "ada" });
  return { one, logs, sockets, socket, said, types, registered, prompt };
};

const replies: readonly (readonly [what: string, reply: () => WorkerReply, types: readonly string[]])[] = [
  ["a text", () => "Hello", ["delta", "final"]],
  ["a promise of a text", () => Promise.resolve("Hello"), ["delta", "final"]],
  ["an empty text", () => "", ["final"]],
  ["nothing", () => undefined, ["decline"]],
  ["a promise of nothing", () => Promise.resolve(undefined), ["decline"]],
  ["a stream of nothing", async function* () {}, ["decline"]],
  [
    "a stream of pieces",
    async function* () {
      yield "Hel";
      yield "";
      yield "lo";
    },
    ["delta", "delta", "final"],
  ],
];

test.each(replies)("respond may give %s", async (_what, reply, types) => {
  const at = hire(reply);
  await at.registered();
  at.prompt("p");
  await until(() => at.types().length >= types.length);
  expect(at.types()).toEqual(types);
  const text = at.said().reduce((sum, frame) => sum + String(frame["text"] ?? ""), "");
  expect(text).toBe(types.includes("delta") ? "Hello" : "");
});

test.each([
  ["throws", () => Promise.reject(new Error("broken on purpose"))],
  // What a program in JavaScript might do.
  ["answers with a number", (): string => JSON.parse("7")],
])("P12 a respond that %s is a failure of that prompt alone, and is logged", async (_what, respond) => {
  const at = hire((prompt) => (prompt.id === "p" ? respond() : "fine"));
  await at.registered();
  at.prompt("p");
  at.prompt("q");
  await until(() => at.types().length === 3);
  expect(at.said()).toContainEqual({ type: "decline", id: "p", failed: true });
  expect(at.types()).toContain("final");
  expect(at.logs).toContainEqual({ event: "failed", id: "p", error: expect.any(Error) });
});

test.each([
  ["stop", "cancelled"],
  ["stand_down", "cancelled"],
])("P9 %s aborts the signal, and what is said after it is not sent", async (type, code) => {
  let signal: AbortSignal | undefined;
  let left = false;
  const at = hire(async function* (_prompt, given) {
    signal = given;
    try {
      yield "Well";
      await new Promise((resolve) => given.addEventListener("abort", resolve));
      yield ", no";
    } finally {
      left = true;
    }
  });
  await at.registered();
  at.prompt("p");
  await until(() => at.types().length === 1);
  at.socket().say({ type, id: "p" });
  expect(signal?.reason).toMatchObject({ code });
  await until(() => left);
  expect([at.types(), at.one.busy]).toEqual([["delta"], 0]);
});

test("P4 a piece that the server missed is said again from the place that it names", async () => {
  const at = hire(() => new Promise<string>(() => {}));
  const slow = hire(async function* () {
    yield "Hello ";
    yield "there";
  });
  await Promise.all([at.registered(), slow.registered()]);
  slow.prompt("p");
  await until(() => slow.types().includes("final"));
  slow.socket().sent.length = 0;
  slow.socket().say({ type: "error", code: "bad_frame", message: "", id: "p", offset: 4 });
  expect(slow.said()).toEqual([
    { type: "delta", id: "p", offset: 4, text: "o there" },
    { type: "final", id: "p" },
  ]);
  at.prompt("p");
  at.socket().say({ type: "error", code: "not_found", message: "", id: "p" });
  expect([at.one.busy, at.logs.at(-1)]).toEqual([
    0,
    { event: "turned down", code: "not_found", message: "", id: "p" },
  ]);
});

test("P5 respond is not asked for more while the socket is clogged, or the line is cut; long pieces are parted", async () => {
  let pulled = 0;
  const at = hire(async function* () {
    for (; pulled < 100; pulled += 1) yield "x".repeat(40_000);
  });
  await at.registered();
  at.socket().bufferedAmount = 1_000_000;
  at.prompt("p");
  await until(() => at.types().length >= 2);
  expect(at.said().map(({ offset, text }) => [offset, String(text).length])).toEqual([
    [0, 32_768],
    [32_768, 7_232],
  ]);
  expect(pulled).toBe(0);
  at.socket().end();
  await until(() => at.sockets.length === 2 && at.types().includes("register"));
  await until(() => pulled > 0);
  const before = pulled;
  expect(before).toBeLessThan(5);
  await at.registered([{ id: "p", offset: 0 }]);
  await until(() => at.types().includes("final"));
  expect(at.said().reduce((sum, { text = "" }) => sum + String(text).length, 0)).toBe(4_000_000);
});

test("P11 it shows its token first, a fresh one in time, and comes back with another when one was refused", async () => {
  let made = 0;
  const at = hire(() => undefined, { token: async () => `t${(made += 1)}` });
  await until(() => at.types().length === 1);
  expect(at.said()).toMatchObject([{ type: "authenticate", token: "t1" }]);
  const refusal = { type: "error", code: "token_expired", message: "Expired.", id: at.said()[0]?.["id"] };
  at.socket().say(refusal);
  await until(() => at.sockets.length === 2 && at.types().length === 1);
  expect(at.said()).toMatchObject([{ token: "t2" }]);
  at.socket().say({ type: "authenticated", user: "ada", id: at.said()[0]?.["id"] });
  expect(at.types()).toEqual(["authenticate", "register"]);
  await at.registered();
  expect(at.one.connection.phase).toBe("open");
  at.socket().say({ type: "error", code: "token_expired", message: "Expired." });
  await until(() => at.types().length === 1);
  expect(at.said()).toMatchObject([{ type: "authenticate", token: "t3" }]);
});

test("it stays away when it is told to, and lets go of what it had", async () => {
  const aborted: unknown[] = [];
  const at = hire((_prompt, signal) => {
    signal.addEventListener("abort", () => aborted.push(signal.reason));
    return new Promise<string>(() => {});
  });
  await at.registered();
  at.prompt("p");
  at.socket().end(4403, "Another connection has registered under this name.");
  expect(at.one.connection).toMatchObject({ phase: "closed", reason: expect.stringContaining("Another") });
  expect([at.one.busy, at.one.registered, aborted]).toMatchObject([0, false, [{ code: "closed" }]]);
});

test("P12 a registration that is wrong is not tried again and again", async () => {
  const at = hire(() => undefined, { concurrency: 0 });
  await until(() => at.types().includes("register"));
  at.socket().say({ type: "error", code: "bad_frame", message: "That is no count." });
  expect(at.one.connection).toMatchObject({ phase: "closed", reason: "That is no count." });
});

test("P12 what it cannot read it passes over; a server that is silent is asked for a sign of life", async () => {
  const at = hire(() => "Hello", { times: { silenceMs: 10, probeMs: 10_000 } });
  await at.registered();
  for (const noise of ["", "{", "null", "[]", "7", '{"type":"applause"}', '{"type":"prompt"}', "{}"])
    at.socket().say(noise);
  at.prompt("p");
  await until(() => at.types().includes("final") && at.types().includes("ping"));
  expect(at.logs.filter(({ event }) => event === "unreadable")).toHaveLength(8);
  expect(at.sockets).toHaveLength(1);
});
