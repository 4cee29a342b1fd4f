import { expect, test } from "vitest";
import type { MemoryContent } from "../../packages/server/src/stores/memory-store.ts";
import { createLiveTexts } from "../../packages/server/src/stores/live-texts.ts";
import { until } from "../stand-ins/until.ts";
import { ada, makeBed, type BedOptions } from "./bed.ts";
import { createPuppet, type Puppet } from "./puppet-model.ts";
import { ask, careful, codeOf } from "./tool-kit.ts";

const open = async (more: Partial<BedOptions> = {}, model: Puppet = createPuppet()) => {
  const bed = await makeBed({ model, ...more, assistant: { tools: () => [careful("pay")] } });
  return { ...bed, model };
};

/** So many turns that have said something and wait for an approval; gives their numbers. */
const waiting = async (bed: Awaited<ReturnType<typeof open>>, count: number): Promise<number[]> => {
  const turns: number[] = [];
  for (let i = 0; i < count; i += 1) {
    turns.push(await ask(bed, "Pay", `p${i}`));
    const call = await bed.model.asked(i);
    call.say(`Well ${i}. `);
    call.emit({ type: "tool-call", name: "pay", arguments: "{}" });
    call.finish();
    await until(() => bed.meter.waiting === i + 1);
  }
  return turns;
};

test("P8 P4 however many turns wait, what is said just now is told while it grows, to whoever comes too", async () => {
  const bed = await open();
  const { ear, reader } = bed.listen("channel:a");
  const turns = await waiting(bed, 20);
  const talk = await ask(bed, "Talk", "talk");
  const call = await bed.model.asked(20);
  call.say("Hel");
  await ear.until(() => ear.texts.get(talk) === "Hel");
  const late = bed.listen("channel:a").ear;
  await late.until(() => late.texts.get(talk) === "Hel");
  expect(turns.map((turn) => late.texts.get(turn))).toEqual(turns.map((_, i) => `Well ${i}. `));
  reader.close();
  call.say("lo");
  const again = bed.listen("channel:a", { ear, cursor: ear.cursor }).reader;
  expect((await again.placed).recovered).toBe(true);
  const [first = 0] = turns;
  await bed.heart.decide(ada, "channel:a", { callId: `call_${first}_1`, verdict: "denied" });
  call.finish();
  const last = await bed.model.asked(21);
  last.say("No then.");
  await Promise.all([ear, late].map((one) => one.until(() => one.texts.get(first) === "Well 0. No then.")));
  last.finish();
  await Promise.all([ear.untilEnded(first), late.untilEnded(first)]);
});

test("P8 after kill -9 with many turns waiting, whoever comes is told all of them and what is said just now", async () => {
  const kept = { content: new Map() satisfies MemoryContent, journalContent: createLiveTexts() };
  const turns = await waiting(await open(kept), 20);
  const bed = await open(kept);
  const talk = await ask(bed, "Talk", "talk");
  (await bed.model.asked(0)).say("Hello");
  const { ear } = bed.listen("channel:a");
  await ear.until(() => ear.texts.get(talk) === "Hello");
  expect(turns.map((turn) => ear.texts.get(turn))).toEqual(turns.map((_, i) => `Well ${i}. `));
});

test("P5 where 32 turns wait for somebody no further prompt is taken, until one of them is over", async () => {
  const bed = await open();
  const { ear, reader } = bed.listen("channel:a");
  const turns = await waiting(bed, 32);
  expect(await codeOf(ask(bed, "More", "more"))).toBe("queue_full");
  // With all of them at once there is still a way back to one's place.
  reader.close();
  const back = bed.listen("channel:a", { ear, cursor: ear.cursor }).reader;
  expect((await back.placed).recovered).toBe(true);
  await bed.heart.cancel(ada, "channel:a", "p7");
  await ear.untilEnded(turns[7] ?? 0);
  expect(await codeOf(ask(bed, "More", "more"))).toBe("no error");
});
