import { expect, test } from "vitest";
import { calls, createScriptedModel, type Script } from "../../packages/server/src/models/scripted-model.ts";
import type { Tool } from "../../packages/server/src/tools/tool.ts";
import { manualClock } from "../stand-ins/manual-clock.ts";
import { until } from "../stand-ins/until.ts";
import { ada, makeBed, principal, type BedOptions } from "./bed.ts";
import { ask, careful, codeOf, logOf, once, ownOf, told, tool } from "./tool-kit.ts";

const stage = async (script: Script, tools: readonly Tool[], more: Partial<BedOptions> = {}) => {
  const model = createScriptedModel(script);
  const assistant = { ...more.assistant, tools: () => tools };
  const bed = await makeBed({ model, ...more, assistant });
  const { ear } = bed.listen("channel:a");
  const decide = (callId: string, verdict: "granted" | "denied", reason?: string, who = ada): Promise<void> =>
    bed.heart.decide(who, "channel:a", { callId, verdict, ...(reason !== undefined && { reason }) });
  return { ...bed, model, ear, decide, waits: () => until(() => bed.meter.waiting === 1) };
};

const guest = principal("guest", { read: ["*"], prompt: ["*"], publish: [], stop: [] });

test("a call that needs an approval waits for it, then runs, and the turn goes on where it was", async () => {
  const pay = careful("pay");
  const bed = await stage(once("One moment. ", calls("pay", { eur: 5 })), [pay]);
  const turn = await ask(bed);
  await bed.waits();
  expect([pay.ran.length, bed.meter.running]).toEqual([0, 0]);
  await bed.decide("call_1_1", "granted");
  await bed.ear.untilEnded(turn);
  expect(bed.ear.texts.get(turn)).toBe("One moment. Done.");
  expect(told(await logOf(bed))).toEqual([
    "prompt",
    "answer 0 One moment. ",
    "call call_1_1 pay",
    "requested call_1_1",
    "granted call_1_1",
    "resumed",
    'result call_1_1 pay {"eur":5}',
    "answer 12 Done.",
    "completed",
  ]);
  expect(pay.ran.length).toBe(1);
  const log = await logOf(bed);
  const call = log.find((entry) => entry.kind === "tool-call");
  expect(call?.until).toBe((call?.at ?? 0) + 600_000);
  expect(log.find((entry) => entry.kind === "approval" && entry.state === "granted")).toMatchObject({
    by: "ada",
    name: "pay",
  });
});

test("a denied call is not run, and the model reads why", async () => {
  const pay = careful("pay");
  const bed = await stage(once(calls("pay")), [pay]);
  const turn = await ask(bed);
  await bed.waits();
  await bed.decide("call_1_1", "denied", "too dear");
  await bed.ear.untilEnded(turn);
  expect(pay.ran.length).toBe(0);
  expect(ownOf(bed.model.calls[1]?.request ?? { messages: [] })[1]).toEqual({
    role: "tool",
    callId: "call_1_1",
    name: "pay",
    text: "The call was denied: too dear",
    failed: true,
  });
});

test.each([
  ["first to last", [1, 2, 3]],
  ["last to first", [3, 2, 1]],
  ["the middle one first", [2, 3, 1]],
])("P10 three parallel calls, one of them denied, are decided %s", async (_order, order) => {
  const pay = careful("pay");
  const bed = await stage(once(calls("pay", { k: 1 }), calls("pay", { k: 2 }), calls("pay", { k: 3 })), [
    pay,
  ]);
  const turn = await ask(bed);
  await bed.waits();
  for (const k of order) {
    expect([bed.model.calls.length, pay.ran.length]).toEqual([1, 0]);
    await bed.decide(`call_1_${k}`, k === 2 ? "denied" : "granted");
  }
  await bed.ear.untilEnded(turn);
  expect(new Set(pay.ran.map(({ args }) => args["k"]))).toEqual(new Set([1, 3]));
  expect(ownOf(bed.model.calls[1]?.request ?? { messages: [] }).map(({ text }) => text)).toEqual([
    "",
    'pay {"k":1}',
    "The call was denied.",
    'pay {"k":3}',
  ]);
});

test("other tools of the same step run at once; the turn waits when they are done", async () => {
  const gate = Promise.withResolvers<string>();
  const bed = await stage(once(calls("pay"), calls("look")), [
    careful("pay"),
    tool("look", () => gate.promise),
  ]);
  const turn = await ask(bed);
  await bed.ear.until(() => bed.ear.kinds().filter((kind) => kind === "tool-call").length === 2);
  // It may be decided while the turn still runs.
  await bed.decide("call_1_1", "granted");
  expect([bed.meter.running, bed.meter.waiting, bed.model.calls.length]).toEqual([1, 0, 1]);
  gate.resolve("seen");
  await bed.ear.untilEnded(turn);
  expect(told(await logOf(bed)).slice(3)).toEqual([
    "call call_1_2 look",
    "granted call_1_1",
    "result call_1_2 seen",
    "resumed",
    "result call_1_1 pay {}",
    "answer 0 Done.",
    "completed",
  ]);
});

test("an assistant that asks first lets every call wait", async () => {
  const look = tool("look");
  const bed = await stage(once(calls("look")), [look], { assistant: { askFirst: true } });
  const turn = await ask(bed);
  await bed.waits();
  expect(look.ran.length).toBe(0);
  await bed.decide("call_1_1", "granted");
  await bed.ear.untilEnded(turn);
  expect(look.ran.length).toBe(1);
});

test("P10 nobody decides in time: the call is expired, and the turn goes on", async () => {
  const clock = manualClock();
  const pay = careful("pay");
  const bed = await stage(once(calls("pay")), [pay], { clock, assistant: { approvalMs: 60_100 } });
  await ask(bed);
  await bed.waits();
  clock.advance(60_099);
  expect(bed.meter.waiting).toBe(1);
  clock.advance(1);
  // The deadline is the deadline, also before the tick that notices it.
  expect(await codeOf(bed.decide("call_1_1", "granted"))).toBe("already_decided");
  clock.advance(250);
  await until(() => bed.meter.completed === 1);
  expect(told(await logOf(bed)).slice(2)).toEqual([
    "requested call_1_1",
    "expired call_1_1",
    "expired call_1_1 Nobody approved the call in time. It was not run.",
    "resumed",
    "answer 0 Done.",
    "completed",
  ]);
  expect(pay.ran.length).toBe(0);
});

test("P10 a system clock that is put back just as the time is over does not let a call wait for ever", async () => {
  const time = manualClock();
  let back = 0;
  const clock = { ...time, now: () => time.now() - back };
  const bed = await stage(once(calls("pay")), [careful("pay")], { clock, assistant: { approvalMs: 60_000 } });
  await ask(bed);
  await bed.waits();
  time.advance(60_250);
  back = 3_600_000;
  await until(() => bed.meter.completed === 1);
  expect(told(await logOf(bed))).toContain("expired call_1_1");
});

test("P12 a call is decided once; what is no call, or needs no approval, is none", async () => {
  const bed = await stage(once(calls("pay"), calls("pay"), calls("look")), [careful("pay"), tool("look")]);
  const turn = await ask(bed);
  await bed.waits();
  const both = await Promise.all(
    (["granted", "denied"] as const).map((verdict) => codeOf(bed.decide("call_1_1", verdict))),
  );
  expect(both).toEqual(["no error", "already_decided"]);
  for (const callId of [
    "call_1_3",
    "call_1_4",
    "call_2_1",
    "call_9_1",
    "call_1_1 ",
    "call_x_1",
    "",
    "__proto__",
  ])
    expect(await codeOf(bed.decide(callId, "granted"))).toBe("no_such_call");
  expect(await codeOf(bed.heart.decide(ada, "channel:b", { callId: "call_1_2", verdict: "granted" }))).toBe(
    "no_such_call",
  );
  await bed.decide("call_1_2", "denied");
  await bed.ear.untilEnded(turn);
  expect(await codeOf(bed.decide("call_1_2", "granted"))).toBe("already_decided");
});

test("P11 one decides about one's own prompt's calls; about others' with the right to approve", async () => {
  const bed = await stage(once(calls("pay"), calls("pay")), [careful("pay")]);
  const turn = await ask(bed);
  await bed.waits();
  expect(await codeOf(bed.decide("call_1_1", "granted", undefined, guest))).toBe("not_allowed");
  const reader = principal("ada", { read: ["*"], prompt: [], publish: [], stop: [] });
  expect(await codeOf(bed.decide("call_1_1", "granted", undefined, reader))).toBe("not_allowed");
  const plain = principal("ada", guest.grants);
  await bed.decide("call_1_1", "denied", undefined, plain);
  const approver = principal("bob", { ...guest.grants, approve: ["a"] });
  await bed.decide("call_1_2", "denied", undefined, approver);
  await bed.ear.untilEnded(turn);
  expect(await codeOf(bed.decide("call_1_2", "granted", undefined, guest))).toBe("not_allowed");
});

test("P1 a decision that cannot be stored is refused, and can be made again", async () => {
  let failing = false;
  const bed = await stage(once(calls("pay")), [careful("pay")], {
    store: (store) => ({
      ...store,
      append: async (append) => {
        if (failing) throw new Error("disk full");
        return store.append(append);
      },
      lead: async (...wish) => {
        if (failing) throw new Error("disk full");
        return store.lead(...wish);
      },
    }),
  });
  const turn = await ask(bed);
  await bed.waits();
  failing = true;
  expect(await codeOf(bed.decide("call_1_1", "granted"))).toBe("store_unavailable");
  expect(bed.meter.waiting).toBe(1);
  failing = false;
  await bed.decide("call_1_1", "denied");
  await bed.ear.untilEnded(turn);
  expect(told(await logOf(bed)).filter((one) => one.includes("call_1_1"))).toEqual([
    "call call_1_1 pay",
    "requested call_1_1",
    "denied call_1_1",
    "denied call_1_1 The call was denied.",
  ]);
});
