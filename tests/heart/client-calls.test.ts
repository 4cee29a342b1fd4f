import { expect, test } from "vitest";
import { calls, createScriptedModel } from "../../packages/server/src/models/scripted-model.ts";
import { manualClock } from "../stand-ins/manual-clock.ts";
import { until } from "../stand-ins/until.ts";
import { ada, makeBed, principal, type BedOptions } from "./bed.ts";
import { ask, careful, codeOf, logOf, once, ownOf, remote, told, tool } from "./tool-kit.ts";

const stage = async (more: Partial<BedOptions> = {}) => {
  const model = createScriptedModel(once(calls("where", { exact: true })));
  const where = remote("where", 30_000);
  const tools = [where, careful("pay"), tool("look")];
  const bed = await makeBed({ model, ...more, assistant: { ...more.assistant, tools: () => tools } });
  const settle = (content: string, more: { who?: typeof ada; callId?: string; outcome?: "error" } = {}) =>
    bed.heart.settle(more.who ?? ada, "channel:a", {
      callId: more.callId ?? "call_1_1",
      outcome: more.outcome ?? "result",
      content,
    });
  return { ...bed, model, where, settle, waits: () => until(() => bed.meter.waiting === 1) };
};

test("a call that runs in the client waits for its result, whoever asks first", async () => {
  const bed = await stage({ assistant: { askFirst: true } });
  await ask(bed);
  await bed.waits();
  const log = await logOf(bed);
  const call = log.find((entry) => entry.kind === "tool-call");
  expect(call).toMatchObject({ runs: "client", until: (call?.at ?? 0) + 30_000 });
  await bed.settle("Makati");
  await until(() => bed.meter.completed === 1);
  expect(told(await logOf(bed)).slice(1)).toEqual([
    "call call_1_1 where",
    "result call_1_1 Makati",
    "resumed",
    "answer 0 Done.",
    "completed",
  ]);
  expect(bed.where.ran.length).toBe(0);
});

test("what went wrong in the client is for the model to read, and a long result is cut", async () => {
  const bed = await stage();
  await ask(bed);
  await bed.waits();
  await bed.settle("x".repeat(2_000), { outcome: "error" });
  await until(() => bed.meter.completed === 1);
  expect(ownOf(bed.model.calls[1]?.request ?? { messages: [] })[1]).toMatchObject({
    failed: true,
    text: `${"x".repeat(1_000)}\n[Cut here: 1000 of 2000 characters are shown.]`,
  });
});

test("P11 P12 a result counts once, and only from the user whose prompt made the call", async () => {
  const bed = await stage();
  await ask(bed);
  await bed.waits();
  expect(await codeOf(bed.settle("forged", { who: principal("eve") }))).toBe("not_allowed");
  expect(await codeOf(bed.settle("x", { callId: "call_1_2" }))).toBe("no_such_call");
  expect(await codeOf(bed.heart.decide(ada, "channel:a", { callId: "call_1_1", verdict: "granted" }))).toBe(
    "no_such_call",
  );
  const both = await Promise.all([codeOf(bed.settle("first")), codeOf(bed.settle("second"))]);
  expect(both).toEqual(["no error", "already_decided"]);
  await until(() => bed.meter.completed === 1);
  expect(await codeOf(bed.settle("third"))).toBe("already_decided");
  expect(told(await logOf(bed)).filter((one) => one.startsWith("result"))).toEqual(["result call_1_1 first"]);
});

test("P11 a forged result for a call that runs on the server, or waits for approval, is none", async () => {
  const model = createScriptedModel(once(calls("pay"), calls("look")));
  const tools = [careful("pay"), tool("look")];
  const bed = await makeBed({ model, assistant: { tools: () => tools } });
  await ask(bed);
  await until(() => bed.meter.waiting === 1);
  for (const callId of ["call_1_1", "call_1_2"])
    expect(
      await codeOf(bed.heart.settle(ada, "channel:a", { callId, outcome: "result", content: "paid" })),
    ).toBe("no_such_call");
});

test("P10 a client that says nothing in time lets its call expire", async () => {
  const clock = manualClock();
  const bed = await stage({ clock });
  await ask(bed);
  await bed.waits();
  clock.advance(30_250);
  await until(() => bed.meter.completed === 1);
  expect(told(await logOf(bed)).slice(1, 3)).toEqual([
    "call call_1_1 where",
    "expired call_1_1 No result came in time.",
  ]);
});
