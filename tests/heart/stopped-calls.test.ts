import { expect, test } from "vitest";
import { calls, createScriptedModel, type Script } from "../../packages/server/src/models/scripted-model.ts";
import type { Tool } from "../../packages/server/src/tools/tool.ts";
import { manualClock } from "../stand-ins/manual-clock.ts";
import { until } from "../stand-ins/until.ts";
import { ada, makeBed, type BedOptions } from "./bed.ts";
import { createPuppet } from "./puppet-model.ts";
import { ask, logOf, once, told, tool } from "./tool-kit.ts";

const stage = async (script: Script, tools: readonly Tool[], more: Partial<BedOptions> = {}) => {
  const model = createScriptedModel(script);
  const bed = await makeBed({ model, ...more, assistant: { tools: () => tools } });
  return { ...bed, model, ear: bed.listen("channel:a").ear };
};

test("P3 a tool that runs on after its time is not waited for; the turn's own limits stand still meanwhile", async () => {
  const clock = manualClock();
  let signal: AbortSignal | undefined;
  const slow = tool(
    "slow",
    (_args, context) => {
      ({ signal } = context);
      return new Promise(() => {});
    },
    { timeMs: 600_000 },
  );
  const bed = await stage(once(calls("slow")), [slow], {
    clock,
    limits: { firstEventMs: 1_000, silenceMs: 1_000, turnMs: 5_000 },
  });
  const turn = await ask(bed);
  await until(() => signal !== undefined);
  clock.advance(599_999);
  expect([signal?.aborted, bed.ear.ends.size]).toEqual([false, 0]);
  clock.advance(1);
  const tick = setInterval(() => clock.advance(5), 1);
  await bed.ear.untilEnded(turn);
  clearInterval(tick);
  expect([signal?.aborted, bed.ear.ends.get(turn)]).toEqual([true, "completed"]);
  expect(told(await logOf(bed))).toContain("error call_1_1 It took longer than 600 seconds and was stopped.");
});

test("P9 P10 stopping a turn stops its tools, does not wait for them, and closes their calls with its end", async () => {
  const signals: AbortSignal[] = [];
  const deaf = tool("deaf", (_args, { signal }) => {
    signals.push(signal);
    return new Promise((resolve) =>
      signal.addEventListener("abort", () => setTimeout(resolve, 5, "too late")),
    );
  });
  const bed = await stage(once("Let me see.", calls("deaf"), calls("deaf")), [deaf]);
  const turn = await ask(bed);
  await until(() => signals.length === 2);
  await bed.heart.cancel(ada, "channel:a", "p1");
  await bed.ear.untilEnded(turn);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(signals.every(({ aborted }) => aborted)).toBe(true);
  expect(told(await logOf(bed)).slice(4)).toEqual([
    "cancelled call_1_1 Stopped: the turn ended first.",
    "cancelled call_1_2 Stopped: the turn ended first.",
    "cancelled",
  ]);
});

test("P10 a provider that breaks off after its calls fails the turn, and the calls have their results", async () => {
  const slow = tool("slow", () => new Promise(() => {}));
  const quick = tool("quick");
  const bed = await stage(
    once("Hm.", calls("quick"), { type: "wait", ms: 20 }, calls("slow"), {
      type: "fail",
      code: "provider_cut_off",
    }),
    [slow, quick],
  );
  await bed.ear.untilEnded(await ask(bed));
  expect(told(await logOf(bed)).slice(1)).toEqual([
    "answer 0 Hm.",
    "call call_1_1 quick",
    "result call_1_1 quick {}",
    "call call_1_2 slow",
    "cancelled call_1_2 Stopped: the turn ended first.",
    "provider_cut_off",
  ]);
});

test("P9 a deaf model that goes on calling tools after it was stopped runs none", async () => {
  const t = tool("t");
  const clock = manualClock();
  const model = createPuppet({ deaf: true });
  const bed = await makeBed({
    model,
    clock,
    assistant: { tools: () => [t] },
  });
  const { ear } = bed.listen("channel:a");
  const turn = await ask(bed);
  const call = await model.asked();
  const stopped = bed.heart.cancel(ada, "channel:a", "p1");
  await until(() => call.signal.aborted);
  call.emit({ type: "tool-call", name: "t", arguments: "{}" });
  clock.advance(1_000);
  await stopped;
  call.emit({ type: "tool-call", name: "t", arguments: "{}" });
  await new Promise((resolve) => setTimeout(resolve, 10));
  await ear.untilEnded(turn);
  expect(t.ran.length).toBe(0);
  expect(told(await logOf(bed))).toEqual(["prompt", "cancelled"]);
});
