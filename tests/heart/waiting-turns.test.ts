import { expect, test } from "vitest";
import { calls, createScriptedModel, type Script } from "../../packages/server/src/models/scripted-model.ts";
import type { Tool } from "../../packages/server/src/tools/tool.ts";
import { manualClock } from "../stand-ins/manual-clock.ts";
import { until } from "../stand-ins/until.ts";
import { ada, makeBed, type BedOptions } from "./bed.ts";
import { createPuppet } from "./puppet-model.ts";
import { ask, careful, codeOf, isWhole, logOf, told } from "./tool-kit.ts";

/** Pays when it is asked to, and else repeats what it was asked. */
const clerk: Script = ({ messages }) => {
  const { role, text } = messages.at(-1) ?? { role: "user", text: "" };
  if (role === "tool") return ["That was it."];
  return text.startsWith("Pay") ? ["Well. ", calls("pay", { what: text })] : [`You said ${text}.`];
};

const stage = async (tools: readonly Tool[], more: Partial<BedOptions> = {}) => {
  const model = createScriptedModel(clerk);
  const bed = await makeBed({ model, ...more, assistant: { ...more.assistant, tools: () => tools } });
  const { ear } = bed.listen("channel:a");
  const grant = (turn: number, verdict: "granted" | "denied" = "granted"): Promise<void> =>
    bed.heart.decide(ada, "channel:a", { callId: `call_${turn}_1`, verdict });
  const waits = (turns = 1): Promise<void> => until(() => bed.meter.waiting === turns);
  return { ...bed, model, ear, grant, waits };
};

test("P10 a turn that waits gives up the lane; others run meanwhile and see what it waits for", async () => {
  const bed = await stage([careful("pay")]);
  await ask(bed, "Pay me", "p1");
  await bed.waits();
  const second = await ask(bed, "hello", "p2");
  await bed.ear.untilEnded(second);
  expect(bed.model.calls[1]?.request.messages).toEqual([
    { role: "user", text: "Pay me" },
    {
      role: "assistant",
      text: "Well. ",
      calls: [{ callId: "call_1_1", name: "pay", arguments: '{"what":"Pay me"}' }],
    },
    { role: "tool", callId: "call_1_1", name: "pay", text: "waiting for approval" },
    { role: "user", text: "hello" },
  ]);
  await bed.grant(1);
  await bed.ear.untilEnded(1);
  // What came after its prompt is not in its past.
  expect(bed.model.calls[2]?.request.messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool"]);
  const third = await ask(bed, "thanks", "p3");
  await bed.ear.untilEnded(third);
  const { request } = bed.model.calls[3] ?? { request: { messages: [] } };
  expect(request.messages.map(({ text }) => text)).toEqual([
    "Pay me",
    "Well. ",
    'pay {"what":"Pay me"}',
    "That was it.",
    "hello",
    "You said hello.",
    "thanks",
  ]);
  expect(bed.model.calls.every((call) => isWhole(call.request))).toBe(true);
});

/** A model that the test plays, which calls `pay` in turn after turn. */
const byHand = async (more: Partial<BedOptions> = {}) => {
  const model = createPuppet();
  const pay = careful("pay");
  const bed = await makeBed({ model, ...more, assistant: { tools: () => [pay] } });
  const payAt = async (call: number): Promise<void> => {
    const asked = await model.asked(call);
    asked.emit({ type: "tool-call", name: "pay", arguments: "{}" });
    asked.finish();
  };
  const deny = (turn: number): Promise<void> =>
    bed.heart.decide(ada, "channel:a", { callId: `call_${turn}_1`, verdict: "denied" });
  const waits = (turns: number): Promise<void> => until(() => bed.meter.waiting === turns);
  return { ...bed, model, pay, payAt, deny, waits };
};

test("decided turns go to the head of the queue, the first decided first", async () => {
  const bed = await byHand();
  const turns: number[] = [];
  for (const id of ["p1", "p2"]) {
    turns.push(await ask(bed, id, id));
    await bed.payAt(turns.length - 1);
    await bed.waits(turns.length);
  }
  const [one = 0, two = 0] = turns;
  const three = await ask(bed, "p3", "p3");
  const four = await ask(bed, "p4", "p4");
  await bed.model.asked(2);
  await bed.deny(two);
  await bed.deny(one);
  expect([bed.model.calls.length, bed.meter.waiting, bed.meter.queued]).toEqual([3, 2, 1]);
  for (const [i, turn] of [three, two, one, four].entries()) {
    const call = await bed.model.asked(2 + i);
    expect(call.request.turn).toBe(turn);
    call.finish();
  }
  await until(() => bed.meter.completed === 4);
  expect([bed.meter.waiting, bed.meter.running, bed.meter.queued]).toEqual([0, 0, 0]);
});

test("policy interrupt stops the turn that runs and leaves those that wait alone", async () => {
  const bed = await byHand({ policy: "interrupt" });
  await ask(bed, "p1", "p1");
  await bed.payAt(0);
  await bed.waits(1);
  await ask(bed, "p2", "p2");
  await bed.model.asked(1);
  await ask(bed, "p3", "p3");
  (await bed.model.asked(2)).finish();
  await until(() => bed.meter.completed === 1);
  expect([bed.meter.cancelled, bed.meter.waiting]).toEqual([1, 1]);
  await bed.deny(1);
  (await bed.model.asked(3)).finish();
  await until(() => bed.meter.completed === 2);
});

test("policy reject: while all that there is waits, prompts are taken", async () => {
  const bed = await byHand({ policy: "reject" });
  await ask(bed, "p1", "p1");
  await bed.payAt(0);
  await bed.waits(1);
  await ask(bed, "p2", "p2");
  await bed.deny(1);
  expect(await codeOf(ask(bed, "p3", "p3"))).toBe("turn_running");
  for (const call of [1, 2]) (await bed.model.asked(call)).finish();
  await until(() => bed.meter.completed === 2);
});

test("P9 P10 stopping a turn that waits ends its calls with it, in one append", async () => {
  let appends = 0;
  const bed = await stage([careful("pay")], {
    store: (store) => ({ ...store, append: async (append) => ((appends += 1), store.append(append)) }),
  });
  const turn = await ask(bed, "Pay me", "p1");
  await bed.waits();
  appends = 0;
  await bed.heart.cancel(ada, "channel:a", "p1");
  await bed.ear.untilEnded(turn);
  expect(appends).toBe(1);
  expect(told(await logOf(bed)).slice(-2)).toEqual([
    "cancelled call_1_1 Not run: the turn ended first.",
    "cancelled",
  ]);
  expect((await logOf(bed)).at(-1)).toMatchObject({
    by: "ada",
    model: "demo:scripted",
    usage: { estimated: true },
  });
  expect(await codeOf(bed.grant(turn))).toBe("already_decided");
  expect([bed.meter.waiting, bed.meter.cancelled]).toEqual([0, 1]);
});

test("P9 P10 a decision and a stop at the same moment: the call ends once, whichever was first", async () => {
  for (const first of ["stop", "deny"] as const) {
    const bed = await stage([careful("pay")]);
    const turn = await ask(bed, "Pay me", "p1");
    await bed.waits();
    const stop = () => bed.heart.cancel(ada, "channel:a", "p1");
    const deny = () => codeOf(bed.grant(turn, "denied"));
    const done = first === "stop" ? [stop(), deny()] : [deny(), stop()];
    await Promise.all(done);
    await bed.ear.untilEnded(turn);
    const results = (await logOf(bed)).filter((entry) => entry.kind === "tool-result");
    expect(results.length).toBe(1);
    expect(bed.ear.ends.get(turn)).toBe("cancelled");
  }
});

test("P8 whoever comes while a turn waits is told so, with the calls that it waits for", async () => {
  const bed = await stage([careful("pay")]);
  const turn = await ask(bed, "Pay me", "p1");
  await bed.waits();
  const late = bed.listen("channel:a").ear;
  await late.until(() => late.texts.get(turn) === "Well. ");
  expect(late.heard[0]).toEqual({ kind: "present", turn, calls: ["call_1_1"] });
  await bed.grant(turn, "denied");
  await late.untilEnded(turn);
  expect(late.texts.get(turn)).toBe("Well. That was it.");
});

test("a waiting turn's time stands still, and what it ran before counts when it runs on", async () => {
  const clock = manualClock();
  const model = createPuppet();
  const bed = await makeBed({
    model,
    clock,
    limits: { turnMs: 10_000, silenceMs: 9_000, firstEventMs: 9_000 },
    assistant: { tools: () => [careful("pay")], approvalMs: 10_000_000 },
  });
  const turn = await ask(bed);
  const first = await model.asked();
  clock.advance(8_000);
  first.emit({ type: "tool-call", name: "pay", arguments: "{}" });
  first.finish();
  await until(() => bed.meter.waiting === 1);
  clock.advance(1_000_000);
  await bed.heart.decide(ada, "channel:a", { callId: "call_1_1", verdict: "denied" });
  await model.asked(1);
  clock.advance(1_500);
  expect(bed.meter.running).toBe(1);
  clock.advance(1_000);
  await until(() => bed.meter.failed === 1);
  const end = (await logOf(bed)).find((entry) => entry.kind === "turn-end");
  expect([end?.turn, end?.code]).toEqual([turn, "turn_timeout"]);
});
