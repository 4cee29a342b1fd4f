import { expect, test } from "vitest";
import { workerRoom } from "../../../../tests/stand-ins/worker-room.ts";

const lost = { type: "lost", model: "a", code: "worker_lost" };

test("P4 a worker that comes back in time goes on from what has arrived", async () => {
  const { clock, panel, connect, ask } = workerRoom();
  const a = connect("a");
  const prompt = await ask();
  a.say("p1", 0, "Hello");
  a.seat.gone(false);
  expect(panel.workers()).toMatchObject([{ name: "a", busy: 1, connected: false }]);
  clock.advance(99);
  const again = connect("a", { inHand: ["p0", "p1"] });
  a.say("p1", 5, " from the past");
  a.seat.gone(false);
  clock.advance(1_000);
  again.say("p1", 3, "lo there");
  again.finish("p1");
  expect(again.got).toEqual(["registered p1@5", "done p1"]);
  expect(prompt.events.slice(2)).toEqual([
    { type: "text", model: "a", text: "Hello", offset: 0 },
    { type: "text", model: "a", text: "lo there", offset: 3 },
    { type: "final", model: "a" },
  ]);
});

test("one that does not come back in time is lost, and so is what it had; its name is free", async () => {
  const { clock, panel, connect, ask } = workerRoom();
  const a = connect("a", { concurrency: 2 });
  const [one, two] = [await ask(), await ask()];
  a.say("p1", 0, "Hello");
  a.claim("p2");
  a.seat.gone(false);
  clock.advance(100);
  expect([one.events.at(-1), two.events.at(-1)]).toEqual([lost, lost]);
  expect(panel.workers()).toEqual([]);
  expect(connect("a", { owner: "bob", inHand: ["p1"] }).got).toEqual(["registered"]);
});

test("one that says goodbye is not waited for", async () => {
  const { clock, connect, ask } = workerRoom();
  const a = connect("a");
  const [one, two] = [await ask(), await ask()];
  a.seat.gone(true);
  expect([one.events.at(-1), two.heard(), clock.pending]).toEqual([lost, ["all-asked"], 0]);
});

test("one that comes back as another process is asked again, but what it had begun is lost", async () => {
  const { connect, ask } = workerRoom();
  const a = connect("a", { concurrency: 2 });
  const [one, two] = [await ask(), await ask()];
  a.claim("p1");
  a.say("p2", 0, "I");
  a.seat.gone(false);
  const again = connect("a", { concurrency: 2 });
  expect(again.got).toEqual(["registered", "prompt p1"]);
  again.say("p1", 0, "Me");
  expect(one.heard()).toEqual(["asked a", "all-asked", "claim a", "text a"]);
  expect(two.events.at(-1)).toEqual(lost);
});

test("another worker that comes while it is away is asked too", async () => {
  const { connect, ask } = workerRoom();
  const a = connect("a");
  const prompt = await ask();
  a.seat.gone(false);
  expect(connect("b").got).toEqual(["registered", "prompt p1"]);
  expect(prompt.heard()).toEqual(["asked a", "all-asked", "asked b"]);
});

test("prompts that are asked while it is away wait for it, in order, or until it is given up", async () => {
  const { clock, connect, ask } = workerRoom();
  connect("a").seat.gone(false);
  const [one, two] = [await ask(), await ask()];
  const back = connect("a");
  expect([back.got, one.heard(), two.heard()]).toEqual([
    ["registered", "prompt p1"],
    ["asked a", "all-asked"],
    [],
  ]);
  back.seat.gone(false);
  clock.advance(100);
  expect([one.events.at(-1), two.heard()]).toEqual([lost, ["all-asked"]]);
});

test("what was decided while it was away it need not do", async () => {
  const { connect, ask } = workerRoom();
  const a = connect("a", { concurrency: 2 });
  const [one, two] = [await ask(), await ask()];
  a.seat.gone(false);
  one.standDown("a");
  two.over();
  expect(connect("a", { inHand: ["p1", "p2"] }).got).toEqual(["registered"]);
});

test("P11 the same owner's next connection takes the place, another owner's does not", async () => {
  const { panel, connect, ask } = workerRoom();
  const a = connect("a");
  const prompt = await ask();
  a.say("p1", 0, "He");
  expect(() => connect("a", { owner: "bob" })).toThrow("that name");
  const again = connect("a", { inHand: ["p1"], concurrency: 2, about: "adds" });
  expect([a.got.at(-1), again.got]).toEqual(["close 4403", ["registered p1@2"]]);
  a.finish("p1");
  a.seat.gone(true);
  again.finish("p1", "Hey");
  expect(prompt.heard().slice(2)).toEqual(["text a", "final a"]);
  expect(panel.workers()).toEqual([{ name: "a", about: "adds", concurrency: 2, busy: 0, connected: true }]);
});

test("P3 when the panel is closed nothing is left open, and nobody gets in any more", async () => {
  const { clock, panel, connect, ask } = workerRoom({ absenceMs: 50 });
  const waiting = await ask();
  const a = connect("a");
  await ask();
  a.seat.gone(false);
  const b = connect("b", { concurrency: 9 });
  const last = await ask();
  await panel.close();
  await panel.close();
  expect(waiting.events.at(-1)).toEqual({ ...lost, model: "b" });
  expect(last.heard()).toEqual(["asked b", "all-asked", "lost b"]);
  expect([(await ask()).heard(), clock.pending]).toEqual([["all-asked"], 0]);
  expect(() => connect("c")).toThrow("restarting");
  expect(b.got.at(-1)).toBe("prompt p3");
});
