import { expect, test } from "vitest";
import { calls, createScriptedModel, type Script } from "../../packages/server/src/models/scripted-model.ts";
import { createLiveTexts } from "../../packages/server/src/stores/live-texts.ts";
import type { MemoryContent } from "../../packages/server/src/stores/memory-store.ts";
import type { Tool } from "../../packages/server/src/tools/tool.ts";
import { manualClock } from "../stand-ins/manual-clock.ts";
import { until } from "../stand-ins/until.ts";
import { ada, makeBed, type BedOptions } from "./bed.ts";
import { Ear } from "./ear.ts";
import { createPuppet } from "./puppet-model.ts";
import { ask, careful, codeOf, isWhole, logOf, once, remote, told, tool } from "./tool-kit.ts";

/** What outlives a crash. The first heart is simply left behind, as kill -9 leaves it. */
const disk = () => ({ content: new Map() satisfies MemoryContent, journalContent: createLiveTexts() });

const start = async (
  kept: ReturnType<typeof disk>,
  script: Script,
  tools: readonly Tool[],
  more: Partial<BedOptions> = {},
) => {
  const model = createScriptedModel(script);
  const bed = await makeBed({
    model,
    ...more,
    ...kept,
    assistant: { ...more.assistant, tools: () => tools },
  });
  const decide = (callId: string, verdict: "granted" | "denied" = "granted"): Promise<void> =>
    bed.heart.decide(ada, "channel:a", { callId, verdict });
  return { ...bed, model, decide };
};

const usage = { type: "usage", usage: { inputTokens: 10, outputTokens: 2 } } as const;

test("P10 a turn that waits goes on waiting after kill -9, is decided there, and knows what it had cost", async () => {
  const kept = disk();
  const first = await start(kept, ["Well. ", calls("pay", { eur: 5 }), usage], [careful("pay")]);
  const { ear, reader } = first.listen("channel:a");
  await ask(first);
  await until(() => first.meter.waiting === 1);
  await ear.until(() => ear.texts.get(1) === "Well. ");
  reader.close();
  const pay = careful("pay");
  const second = await start(kept, ["Paid.", usage], [pay]);
  expect(second.meter.waiting).toBe(1);
  const late = second.listen("channel:a").ear;
  await late.until(() => late.texts.get(1) === "Well. ");
  expect(late.heard[0]).toEqual({ kind: "present", turn: 1, calls: ["call_1_1"] });
  second.listen("channel:a", { ear, cursor: ear.cursor });
  await second.decide("call_1_1");
  await Promise.all([ear.untilEnded(1), late.untilEnded(1)]);
  expect([ear.texts.get(1), ear.resets, pay.ran.length]).toEqual(["Well. Paid.", 0, 1]);
  expect(second.model.calls.every(({ request }) => isWhole(request))).toBe(true);
  const log = await logOf(second);
  expect(log.at(-1)).toMatchObject({ kind: "turn-end", usage: { inputTokens: 20, outputTokens: 4 } });
  expect(log.at(-1)).not.toHaveProperty("usage.estimated");
});

test("P10 a deadline that passed while no server ran is kept soon after the start", async () => {
  const kept = disk();
  const clock = manualClock();
  const first = await start(kept, [calls("pay"), calls("where")], [careful("pay"), remote("where")], {
    clock,
  });
  await ask(first);
  await until(() => first.meter.waiting === 1);
  const later = manualClock(clock.now() + 3_600_000);
  const second = await start(kept, ["Pity."], [], { clock: later });
  expect(second.meter.waiting).toBe(1);
  later.advance(250);
  await until(() => second.meter.completed === 1);
  const log = await logOf(second);
  expect(log.flatMap((entry) => (entry.kind === "tool-result" ? [entry.outcome] : []))).toEqual([
    "expired",
    "expired",
  ]);
});

test("P3 a drain leaves turns waiting; what is decided meanwhile runs on after the next start, before the queue", async () => {
  const kept = disk();
  const first = await start(kept, once(calls("pay")), [careful("pay")]);
  await ask(first);
  await until(() => first.meter.waiting === 1);
  await first.heart.drain(1_000);
  await first.decide("call_1_1");
  expect([first.meter.waiting, first.model.calls.length]).toEqual([1, 1]);
  expect(await codeOf(ask(first, "More", "p2"))).toBe("draining");
  await first.heart.close();
  const pay = careful("pay");
  const second = await start(kept, ["Paid."], [pay]);
  await until(() => second.meter.completed === 1);
  expect([pay.ran.length, second.model.calls[0]?.request.turn]).toEqual([1, 1]);
});

test("P3 after a restart a decided turn runs before prompts that were queued", async () => {
  const kept = disk();
  const model = createPuppet();
  const first = await makeBed({ model, ...kept, assistant: { tools: () => [careful("pay")] } });
  for (const id of ["p1", "p2", "p3"]) await ask(first, id, id);
  const one = await model.asked(0);
  one.emit({ type: "tool-call", name: "pay", arguments: "{}" });
  one.finish();
  await model.asked(1);
  await first.heart.decide(ada, "channel:a", { callId: "call_1_1", verdict: "denied" });
  const second = await start(kept, ["Yes."], []);
  await until(() => second.meter.completed === 3);
  // The one that ran is run again; of the others the decided one is first.
  expect(second.model.calls.map(({ request }) => request.turn).slice(1)).toEqual([1, expect.any(Number)]);
});

test("P10 a tool that was at work when the process died is not run again: the turn is interrupted, its call closed", async () => {
  const kept = disk();
  const never = tool("send", () => new Promise(() => {}));
  const first = await start(kept, ["Sending. ", calls("send"), calls("pay")], [never, careful("pay")]);
  await ask(first);
  await until(() => never.ran.length === 1);
  await until(() => first.model.calls[0]?.state === "finished");
  const send = tool("send");
  const second = await start(kept, ["?"], [send, careful("pay")]);
  expect([second.meter.failed, second.model.calls.length, send.ran.length]).toEqual([1, 0, 0]);
  expect(told(await logOf(second)).slice(-3)).toEqual([
    "cancelled call_1_1 Stopped: the turn ended first.",
    "cancelled call_1_2 Not run: the turn ended first.",
    "interrupted",
  ]);
});

test("P10 nor is one that was granted and had begun", async () => {
  const kept = disk();
  const pay = tool("pay", () => new Promise(() => {}), { approval: true });
  const first = await start(kept, [calls("pay")], [pay]);
  await ask(first);
  await until(() => first.meter.waiting === 1);
  await first.decide("call_1_1");
  await until(() => pay.ran.length === 1);
  const again = careful("pay");
  const second = await start(kept, ["?"], [again]);
  expect([second.meter.failed, again.ran.length]).toEqual([1, 0]);
  expect(told(await logOf(second)).slice(-2)).toEqual([
    "cancelled call_1_1 Stopped: the turn ended first.",
    "interrupted",
  ]);
});

test("P3 P4 a turn that had run its tools and was talking ends interrupted, with what readers had", async () => {
  const kept = disk();
  const first = await start(
    kept,
    (_, call) => (call === 1 ? ["See. ", calls("look")] : ["It is", { type: "hang" }]),
    [tool("look")],
  );
  const ear = new Ear();
  const { reader } = first.listen("channel:a", { ear });
  await ask(first);
  await ear.until(() => ear.texts.get(1) === "See. It is");
  reader.close();
  const second = await start(kept, ["?"], [tool("look")]);
  second.listen("channel:a", { ear, cursor: ear.cursor });
  await ear.untilEnded(1);
  expect([ear.texts.get(1), ear.ends.get(1), ear.resets]).toEqual(["See. It is", "interrupted", 0]);
  expect(told(await logOf(second)).slice(-2)).toEqual(["answer 5 It is", "interrupted"]);
});

test("P4 words after a call that waits, said just before the process died, are taken back by what is said next", async () => {
  const kept = disk();
  const first = await start(kept, ["Well. ", calls("pay"), "Meanw", { type: "hang" }], [careful("pay")]);
  const ear = new Ear();
  const { reader } = first.listen("channel:a", { ear });
  await ask(first);
  await ear.until(() => ear.texts.get(1) === "Well. Meanw");
  reader.close();
  const second = await start(kept, ["Merely paid."], [careful("pay")]);
  expect(second.meter.waiting).toBe(1);
  second.listen("channel:a", { ear, cursor: ear.cursor });
  await second.decide("call_1_1");
  await ear.untilEnded(1);
  expect([ear.texts.get(1), ear.resets]).toEqual(["Well. Merely paid.", 1]);
  const third = await start(kept, ["Right."], [careful("pay")]);
  await ask(third, "And?", "p2");
  await until(() => third.meter.completed === 1);
  const [request] = third.model.calls.map((call) => call.request);
  expect(request?.messages.map(({ text }) => text)).toEqual([
    "Go",
    "Well. ",
    "pay {}",
    "Merely paid.",
    "And?",
  ]);
});

test("P9 P4 a waiting turn of an earlier process can be stopped; it ends with all that readers had", async () => {
  const kept = disk();
  const first = await start(kept, ["Well. ", calls("pay"), "Meanw", { type: "hang" }], [careful("pay")]);
  const ear = new Ear();
  const { reader } = first.listen("channel:a", { ear });
  await ask(first);
  await ear.until(() => ear.texts.get(1) === "Well. Meanw");
  reader.close();
  const second = await start(kept, ["?"], [careful("pay")]);
  second.listen("channel:a", { ear, cursor: ear.cursor });
  await second.heart.cancel(ada, "channel:a", "p1");
  await ear.untilEnded(1);
  expect([ear.texts.get(1), ear.ends.get(1), ear.resets]).toEqual(["Well. Meanw", "cancelled", 0]);
});

test("P4 a reset that came into the log, but not into the journal, before the process died is not forgotten", async () => {
  const kept = disk();
  const model = createPuppet();
  const first = await makeBed({ model, ...kept, assistant: { tools: () => [careful("pay")] } });
  const { ear, reader } = first.listen("channel:a");
  await ask(first);
  const call = await model.asked(0);
  call.say("Well. ");
  call.emit({ type: "tool-call", name: "pay", arguments: "{}" });
  call.say("Meanwhile");
  await ear.until(() => ear.texts.get(1) === "Well. Meanwhile");
  reader.close();
  const second = await start(kept, ["Pad", calls("pay")], [careful("pay")], {
    journal: (journal) => ({ ...journal, write: () => Promise.reject(new Error("disk full")) }),
  });
  const { reader: again } = second.listen("channel:a", { ear, cursor: ear.cursor });
  await second.decide("call_1_1", "denied");
  await until(() => second.meter.waiting === 1 && ear.texts.get(1) === "Well. Pad");
  again.close();
  const third = await start(kept, [" or not."], [careful("pay")]);
  third.listen("channel:a", { ear, cursor: ear.cursor });
  const late = third.listen("channel:a").ear;
  await third.decide("call_1_2", "denied");
  await Promise.all([ear.untilEnded(1), late.untilEnded(1)]);
  expect([ear.texts.get(1), late.texts.get(1), ear.resets]).toEqual([
    "Well. Pad or not.",
    "Well. Pad or not.",
    1,
  ]);
});
