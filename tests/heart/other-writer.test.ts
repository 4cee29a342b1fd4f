import { expect, test } from "vitest";
import { calls, createScriptedModel, type Script } from "../../packages/server/src/models/scripted-model.ts";
import { createLiveTexts } from "../../packages/server/src/stores/live-texts.ts";
import type { MemoryContent } from "../../packages/server/src/stores/memory-store.ts";
import { until } from "../stand-ins/until.ts";
import { ada, makeBed } from "./bed.ts";
import { createPuppet } from "./puppet-model.ts";
import { ask, careful, codeOf, logOf, told } from "./tool-kit.ts";

const disk = () => ({ content: new Map() satisfies MemoryContent, journalContent: createLiveTexts() });

const payer: Script = ({ messages }) =>
  messages.at(-1)?.role === "tool" ? ["Done."] : ["Well. ", calls("pay")];

test("P3 P10 a call that waits here is not decided and run once more when another server has run it meanwhile", async () => {
  const kept = disk();
  const start = async () => {
    const pay = careful("pay");
    const bed = await makeBed({
      model: createScriptedModel(payer),
      ...kept,
      assistant: { tools: () => [pay] },
    });
    return { ...bed, pay };
  };
  const decide = ({ heart }: typeof here, verdict: "granted" | "denied") =>
    codeOf(heart.decide(ada, "channel:a", { callId: "call_1_1", verdict }));
  const here = await start();
  await ask(here);
  await until(() => here.meter.waiting === 1);
  const there = await start();
  expect(await decide(there, "granted")).toBe("no error");
  await until(() => there.meter.completed === 1);
  expect(await decide(here, "denied")).toBe("stale_writer");
  expect(await codeOf(ask(here, "More", "p2"))).toBe("stale_writer");
  expect(here.meter.waiting).toBe(0);
  // The next one takes over again.
  expect(await decide(here, "granted")).toBe("already_decided");
  expect([here.pay.ran.length, there.pay.ran.length]).toEqual([0, 1]);
  expect(told(await logOf(here)).filter((line) => line === "completed")).toEqual(["completed"]);
});

test("P3 a turn that runs here while another server takes over ends there, and only there", async () => {
  const kept = disk();
  const model = createPuppet();
  const here = await makeBed({ model, ...kept, policy: { parallel: 2 } });
  await ask(here);
  const call = await model.asked();
  const there = await makeBed({ model: createPuppet(), ...kept, recovery: "end" });
  expect(there.meter.failed).toBe(1);
  expect(await codeOf(ask(here, "More", "p2"))).toBe("stale_writer");
  await ask(here, "More", "p2");
  call.say("late");
  call.finish();
  (await model.asked(1)).finish();
  await until(() => here.meter.completed === 1 && here.meter.running === 0);
  expect(told(await logOf(here))).toEqual(["prompt", "interrupted", "prompt", "completed"]);
});
