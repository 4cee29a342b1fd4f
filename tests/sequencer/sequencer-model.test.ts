import { expect, test } from "vitest";
import { createModelPanel } from "../../packages/server/src/models/model-panel.ts";
import type { Panel, PanelEvent } from "../../packages/server/src/models/panel.ts";
import { systemClock } from "../../packages/server/src/kernel/clock.ts";
import { ColloquyError } from "../../packages/server/src/kernel/colloquy-error.ts";
import {
  createSequencerModel,
  type SequencerOptions,
} from "../../packages/server/src/sequencer/sequencer-model.ts";
import { ada, makeBed } from "../heart/bed.ts";
import { createPuppet, type Puppet } from "../heart/puppet-model.ts";

const contest = async (names: readonly string[], options: Partial<SequencerOptions> = {}) => {
  const puppets = new Map<string, Puppet>(names.map((name) => [name, createPuppet()]));
  const model = createSequencerModel({
    id: "sequencer:test",
    panels: Array.from(puppets, ([name, puppet]) => createModelPanel(name, puppet)),
    policy: "first",
    deadlineMs: 10_000,
    claimMs: 1_000,
    clock: systemClock,
    ...options,
  });
  const bed = await makeBed({ model });
  const { ear } = bed.listen("channel:a");
  await bed.heart.prompt(ada, "channel:a", { text: "Who?" });
  const calls = await Promise.all(Array.from(puppets.values(), (puppet) => puppet.asked()));
  const notes = async () => {
    const { entries } = await bed.heart.history(ada, "channel:a", {});
    return entries.flatMap((entry) => (entry.kind === "note" && entry.about !== "attempt" ? [entry] : []));
  };
  return { ...bed, ear, calls, notes };
};

test("P7 the first to speak is the answer, token by token; the others are hung up on", async () => {
  const { ear, calls, notes, heart } = await contest(["a", "b", "c"]);
  const [a, b, c] = calls;
  b?.say("Me");
  await ear.until(() => ear.texts.get(1) === "Me");
  expect([a?.signal.aborted, b?.signal.aborted, c?.signal.aborted]).toEqual([true, false, true]);
  a?.say("No, me");
  b?.say("!");
  b?.finish();
  await ear.untilEnded(1);
  expect([ear.texts.get(1), ear.ends.get(1)]).toEqual(["Me!", "completed"]);
  const { entries } = await heart.history(ada, "channel:a", {});
  expect(entries.filter((entry) => entry.kind === "answer").length).toBe(1);
  const [asked, summary] = await notes();
  expect(asked?.data).toEqual({ asked: [{ model: "a" }, { model: "b" }, { model: "c" }] });
  expect(summary?.data).toMatchObject({
    winner: "b",
    models: [
      { model: "a", standing: "stood-down" },
      { model: "b", standing: "replied" },
      { model: "c", standing: "stood-down" },
    ],
  });
});

test("P3 all decline: no_model at once; nobody replies: no_reply at the deadline", async () => {
  const declined = await contest(["a", "b"]);
  for (const call of declined.calls) call.emit({ type: "decline" });
  await declined.ear.untilEnded(1);
  expect(declined.ear.ends.get(1)).toBe("no_model");
  const silent = await contest(["a", "b"], { deadlineMs: 20 });
  await silent.ear.untilEnded(1);
  expect(silent.ear.ends.get(1)).toBe("no_reply");
  expect(silent.calls.every((call) => call.signal.aborted)).toBe(true);
});

test("a fallback is asked when nobody took the prompt, and is the one answer", async () => {
  const fallback = createPuppet();
  const { ear, calls } = await contest(["a"], { fallback });
  calls[0]?.emit({ type: "decline" });
  const call = await fallback.asked();
  call.say("I will");
  call.finish();
  await ear.untilEnded(1);
  expect([ear.texts.get(1), ear.ends.get(1)]).toEqual(["I will", "completed"]);
});

test("all: each reply is an entry under its model's name, and none is the answer", async () => {
  const { ear, calls, heart } = await contest(["a", "b"], { policy: "all" });
  const [a, b] = calls;
  b?.say("from b");
  b?.finish();
  a?.say("from a");
  a?.finish();
  await ear.untilEnded(1);
  const { entries } = await heart.history(ada, "channel:a", {});
  const replies = entries.flatMap((entry) => (entry.kind === "reply" ? [[entry.model, entry.text]] : []));
  expect(Object.fromEntries(replies)).toEqual({ a: "from a", b: "from b" });
  expect(entries.some((entry) => entry.kind === "answer")).toBe(false);
  expect(ear.ends.get(1)).toBe("completed");
});

test("P9 a cancel hangs up on everyone, and the log says how the contest stood", async () => {
  const { ear, calls, heart, notes } = await contest(["a", "b"]);
  await heart.cancel(ada, "channel:a");
  await ear.untilEnded(1);
  expect(ear.ends.get(1)).toBe("cancelled");
  expect(calls.every((call) => call.signal.aborted)).toBe(true);
  const [, summary, ...more] = await notes();
  expect(summary?.data).toMatchObject({
    code: "cancelled",
    models: [
      { model: "a", standing: "stood-down" },
      { model: "b", standing: "stood-down" },
    ],
  });
  expect(summary?.data).not.toHaveProperty("winner");
  expect(more).toEqual([]);
});

test("P9 of an answer that is cancelled in its midst the log says whose it was and what it cost", async () => {
  const { ear, calls, heart, notes } = await contest(["a", "b"]);
  calls[1]?.say("Let me");
  await ear.until(() => ear.texts.get(1) === "Let me");
  await heart.cancel(ada, "channel:a");
  await ear.untilEnded(1);
  const [, summary] = await notes();
  expect(summary?.data).toMatchObject({
    winner: "b",
    code: "cancelled",
    models: [
      { model: "a", standing: "stood-down" },
      { model: "b", standing: "speaking", usage: { outputTokens: 1, estimated: true } },
    ],
  });
});

test("P3 P12 one that fails leaves the prompt to the others; when all fail, the first fault is told", async () => {
  const { ear, calls } = await contest(["a", "b"]);
  const [a, b] = calls;
  a?.fail(new ColloquyError("provider_busy"));
  b?.say("still here");
  b?.finish();
  await ear.untilEnded(1);
  expect([ear.texts.get(1), ear.ends.get(1)]).toEqual(["still here", "completed"]);
  const lost = await contest(["a", "b"]);
  lost.calls[1]?.fail(new ColloquyError("provider_busy"));
  lost.calls[0]?.fail(new ColloquyError("provider_failed"));
  await lost.ear.untilEnded(1);
  expect(lost.ear.ends.get(1)).toMatch(/provider_/);
});

test("P7 what a loser had spent until it was told to stand down is in the log, beside its part", async () => {
  const asked = Promise.withResolvers<(event: PanelEvent) => void>();
  const spent = { inputTokens: 3, outputTokens: 1, estimated: true } as const;
  const panel: Panel = {
    ask(_request, hear) {
      queueMicrotask(() => asked.resolve(hear));
      return {
        standDown: (model) => hear({ type: "spent", model, usage: spent }),
        over() {},
      };
    },
  };
  const { ear, heart, notes } = await contest([], { panels: [panel] });
  const hear = await asked.promise;
  for (const model of ["a", "b"]) hear({ type: "asked", model });
  hear({ type: "all-asked" });
  hear({ type: "claim", model: "a" });
  hear({ type: "text", model: "b", text: "No, " });
  hear({ type: "text", model: "a", text: "Me" });
  hear({ type: "final", model: "b", text: "No, me" });
  hear({ type: "final", model: "a" });
  await ear.untilEnded(1);
  expect(ear.texts.get(1)).toBe("Me");
  const summary = (await notes()).find(({ data }) => data?.["winner"] === "a");
  expect(summary?.data?.["models"]).toMatchObject([
    { model: "a", standing: "replied" },
    { model: "b", standing: "replied", usage: spent },
  ]);
  expect((await notes()).find(({ about }) => about === "late-reply")?.data).toMatchObject({ model: "b" });
  await heart.close();
});
