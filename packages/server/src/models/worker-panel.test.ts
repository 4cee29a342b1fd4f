import { expect, test } from "vitest";
import { asking } from "../../../../tests/stand-ins/ask.ts";
import { nextTurn, workerRoom } from "../../../../tests/stand-ins/worker-room.ts";
import type { PanelEvent } from "./panel.ts";

test("all workers are asked at the same moment, with the whole history; nothing is heard before", async () => {
  const { panel, connect } = workerRoom();
  const [a, b] = [connect("a", { about: "adds" }), connect("b")];
  const events: PanelEvent[] = [];
  const messages = [
    { role: "user", text: "Hi" },
    { role: "assistant", text: "Hello" },
    { role: "user", text: "Who?" },
  ] as const;
  panel.ask(asking("Who?", { messages, instructions: "Be brief." }), (event) => void events.push(event));
  expect([a.got, b.got, events]).toEqual([["registered"], ["registered"], []]);
  await nextTurn();
  expect(a.frames[1]).toEqual({
    type: "prompt",
    id: "p1",
    text: "Who?",
    history: messages.slice(0, 2),
    conversation: "channel:lobby",
    author: "ada",
    instructions: "Be brief.",
  });
  expect(b.frames[1]).toBe(a.frames[1]);
  expect(events).toEqual([
    { type: "asked", model: "a", about: "adds" },
    { type: "asked", model: "b" },
    { type: "all-asked" },
  ]);
});

test("what a worker says is heard with its offsets; its final is confirmed", async () => {
  const { connect, ask } = workerRoom();
  const a = connect("a");
  const prompt = await ask();
  a.claim("p1");
  a.say("p1", 0, "Hel");
  a.say("p1", 1, "el");
  a.say("p1", 3, "");
  a.finish("p1", "Hello");
  expect(prompt.events.slice(2)).toEqual([
    { type: "claim", model: "a" },
    { type: "text", model: "a", text: "Hel", offset: 0 },
    { type: "text", model: "a", text: "el", offset: 1 },
    { type: "final", model: "a", text: "Hello" },
  ]);
  expect(a.got).toEqual(["registered", "prompt p1", "done p1"]);
});

test("a full worker has the prompt when it has room, in order, and not when it is decided by then", async () => {
  const { connect, ask } = workerRoom();
  const a = connect("a");
  const first = await ask();
  const [second, third] = [await ask(), await ask()];
  expect([second.heard(), third.heard()]).toEqual([[], []]);
  second.over();
  a.say("p1", 0, "1");
  a.finish("p1");
  expect(first.heard()).toEqual(["asked a", "all-asked", "text a", "final a"]);
  expect([second.heard(), third.heard()]).toEqual([[], ["asked a", "all-asked"]]);
  expect(a.got).toEqual(["registered", "prompt p1", "done p1", "prompt p3"]);
});

test("a worker that comes while a prompt is open is asked too, once; one that comes after is not", async () => {
  const { connect, ask } = workerRoom();
  connect("a");
  const prompt = await ask();
  const b = connect("b");
  expect(prompt.heard()).toEqual(["asked a", "all-asked", "asked b"]);
  b.decline("p1");
  b.seat.gone(true);
  expect(connect("b").got).toEqual(["registered"]);
  prompt.over();
  expect(connect("c").got).toEqual(["registered"]);
});

test("P9 what a worker had said of a prompt that is stopped is counted as spent", async () => {
  const { connect, ask } = workerRoom();
  const a = connect("a");
  const prompt = await ask();
  a.say("p1", 0, "one ");
  a.say("p1", 4, "two");
  prompt.over();
  prompt.over();
  expect(prompt.heard().filter((one) => one.startsWith("spent"))).toEqual(["spent a"]);
  expect(a.got.at(-1)).toBe("stop p1");
});

test("whoever is taken back while it is being asked never sees the prompt", async () => {
  const { panel, connect } = workerRoom();
  const a = connect("a");
  const handle = panel.ask(asking("Who?"), (event) => {
    if (event.type === "asked") handle.standDown(event.model);
  });
  await nextTurn();
  expect([a.got, panel.workers()[0]?.busy]).toEqual([["registered"], 0]);
});

test("without any worker everyone has been asked at once, or after the set time, or when one has come", async () => {
  const at = workerRoom();
  expect((await at.ask()).heard()).toEqual(["all-asked"]);
  const { clock, connect, ask } = workerRoom({ absenceMs: 50 });
  const first = await ask();
  expect(first.heard()).toEqual([]);
  clock.advance(50);
  expect(first.heard()).toEqual(["all-asked"]);
  const second = await ask();
  const a = connect("a", { concurrency: 2 });
  expect([first.heard(), second.heard()]).toEqual([
    ["all-asked", "asked a"],
    ["asked a", "all-asked"],
  ]);
  expect(a.got).toEqual(["registered", "prompt p1", "prompt p2"]);
});

test("the others stand down, at the end all are stopped; what a reply cost is told, and late ones are understood", async () => {
  const { connect, ask } = workerRoom();
  const [a, b, c] = [connect("a"), connect("b"), connect("c")];
  const prompt = await ask();
  a.say("p1", 0, "Me");
  b.say("p1", 0, "No");
  prompt.standDown("b");
  prompt.standDown("nobody");
  b.say("p1", 2, "!");
  b.finish("p1");
  prompt.over();
  prompt.over();
  c.finish("p1", "Me too");
  c.finish("p1", "Me three");
  expect([a.got.at(-1), b.got.slice(2), c.got.slice(2)]).toEqual([
    "stop p1",
    ["stand_down p1", "done p1"],
    ["stop p1", "done p1", "error not_found p1"],
  ]);
  expect(prompt.events.slice(4)).toEqual([
    { type: "text", model: "a", text: "Me", offset: 0 },
    { type: "text", model: "b", text: "No", offset: 0 },
    { type: "spent", model: "b", usage: { inputTokens: 0, outputTokens: 1, estimated: true } },
    { type: "spent", model: "a", usage: { inputTokens: 0, outputTokens: 1, estimated: true } },
    { type: "final", model: "c", text: "Me too" },
  ]);
});

test("P12 words about prompts that are not its own are refused and change nothing", async () => {
  const { connect, ask } = workerRoom();
  const a = connect("a");
  const prompt = await ask();
  const b = connect("b");
  b.decline("p1");
  for (const id of ["p1", "p2", "__proto__", "toString"]) {
    b.claim(id);
    b.say(id, 0, "x");
    b.finish(id, "x");
  }
  a.decline("p9");
  expect(prompt.heard()).toEqual(["asked a", "all-asked", "asked b", "decline b"]);
  expect(b.got.filter((one) => one.startsWith("error not_found"))).toHaveLength(12);
  expect(a.got.at(-1)).toBe("error not_found p9");
});

test("P4 a piece from the future is refused with the place to go on from; without it the final is none", async () => {
  const { connect, ask } = workerRoom({ maxAnswerLength: 10 });
  const a = connect("a", { concurrency: 3 });
  const [one, two, three] = [await ask(), await ask(), await ask()];
  a.say("p1", 0, "He");
  a.say("p1", 4, "o");
  expect(a.frames.at(-1)).toMatchObject({ type: "error", code: "bad_frame", id: "p1", offset: 2 });
  a.say("p1", 2, "llo");
  a.finish("p1");
  expect(one.heard().slice(2)).toEqual(["text a", "text a", "final a"]);
  a.say("p2", 7, "x");
  a.finish("p2");
  expect(two.events.at(-1)).toEqual({ type: "lost", model: "a", code: "worker_contradicts" });
  a.say("p3", 0, "0123456789");
  a.say("p3", 10, "!");
  expect(three.events.at(-1)).toEqual({ type: "lost", model: "a", code: "too_long" });
  expect(a.got.slice(-2)).toEqual(["error too_long p3", "stop p3"]);
});

test("P5 further workers and prompts than set are not taken", async () => {
  const { connect, ask } = workerRoom({ maxWorkers: 1, maxPrompts: 1, isTaken: (name) => name === "taken" });
  const a = connect("a");
  expect(() => connect("b")).toThrow("Too many workers");
  expect(() => connect("taken")).toThrow("that name");
  await ask();
  expect((await ask()).heard()).toEqual(["all-asked"]);
  expect(a.got).toEqual(["registered", "prompt p1"]);
});
