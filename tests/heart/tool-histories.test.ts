import type { Entry } from "@colloquy/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { diceOf, type Dice } from "../history/dice.ts";
import { ada } from "./bed.ts";
import { isWhole, ownOf } from "./tool-kit.ts";
import { conversation, ToolWorld } from "./tool-world.ts";

/** Set `TOOL_HISTORY_RUNS` to play more histories; a failing one prints its seed. */
const runs = Number(process.env["TOOL_HISTORY_RUNS"] ?? 60);

/** What is refused is refused; the log is looked at in the end. */
const quietly = (promise: Promise<unknown>): void => void promise.catch(() => {});

const log = (world: ToolWorld): Promise<readonly Entry[]> =>
  world.bed.store.readAfter(conversation, 0, 100_000);

const act = async (world: ToolWorld, dice: Dice, i: number): Promise<void> => {
  const { heart } = world.bed;
  const made = (await log(world)).flatMap((entry) => (entry.kind === "tool-call" ? [entry.callId] : []));
  const callId = made[made.length - 1 - dice.below(Math.min(made.length, 5))] ?? "call_1_1";
  switch (dice.below(10)) {
    case 0:
    case 1:
      quietly(heart.prompt(ada, conversation, { text: `prompt ${i}`, promptId: `p${i}` }));
      break;
    case 2:
    case 3:
    case 4:
      quietly(
        heart.decide(ada, conversation, { callId, verdict: dice.pick(["granted", "granted", "denied"]) }),
      );
      break;
    case 5:
      quietly(heart.settle(ada, conversation, { callId, outcome: "result", content: "here" }));
      break;
    case 6:
      quietly(heart.cancel(ada, conversation, dice.below(4) ? `p${dice.below(i + 1)}` : undefined));
      break;
    case 7:
      if (dice.below(3) === 0) await world.crash();
      else world.fail(dice.below(3) === 0);
      break;
    default:
      await world.pass(dice.pick([1, 300, 2_000, 20_000, 65_000]));
  }
  if (dice.below(3)) await world.pass(1);
};

/** What must be true of every log when nothing is under way any more. */
const faults = (entries: readonly Entry[], world: ToolWorld): string[] => {
  const found: string[] = [];
  const open = new Map<string, "plain" | "asked" | "granted">();
  const ran = new Set<string>();
  const turns = new Set<number>();
  for (const id of world.runs) {
    if (ran.has(id)) found.push(`P10: ${id} was run twice`);
    ran.add(id);
  }
  const mayRun = new Set<string>();
  for (const entry of entries) {
    if (entry.kind === "prompt") turns.add(entry.n);
    else if (entry.turn !== undefined && entry.kind !== "note" && !turns.has(entry.turn))
      found.push(`P3: entry ${entry.n} is not of an open turn`);
    if (entry.kind === "tool-call") {
      open.set(entry.callId, "plain");
      if (entry.until === undefined) mayRun.add(entry.callId);
    } else if (entry.kind === "approval") {
      const before = open.get(entry.callId);
      if (before !== (entry.state === "requested" ? "plain" : "asked"))
        found.push(`P10: ${entry.callId} ${entry.state} when it was ${before}`);
      if (entry.state === "granted") mayRun.add(entry.callId);
      if (before) open.set(entry.callId, entry.state === "requested" ? "asked" : "granted");
    } else if (entry.kind === "tool-result") {
      if (!open.delete(entry.callId)) found.push(`P10: a result of ${entry.callId}, which is not open`);
    } else if (entry.kind === "turn-end") {
      if (!turns.delete(entry.turn)) found.push(`P3: a second end of ${entry.turn}`);
      for (const id of open.keys())
        if (id.startsWith(`call_${entry.turn}_`)) found.push(`P10: ${id} is left open by its turn's end`);
    }
  }
  for (const turn of turns) found.push(`P3: turn ${turn} has no end`);
  for (const id of ran) if (!mayRun.has(id)) found.push(`P10: ${id} was run without having been granted`);
  for (const request of world.requests) {
    if (!isWhole(request)) found.push("P10: an open call in a request");
    if (ownOf(request).some(({ text }) => text.startsWith("waiting for")))
      found.push(`P10: turn ${request.turn} ran on before all was decided`);
  }
  return found;
};

test(
  "P3 P4 P10 whatever comes together: every call ends once, every turn ends once, nothing is run twice or unasked",
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 31 - 1 }), async (seed) => {
        const dice = diceOf(seed);
        const world = new ToolWorld(dice);
        await world.start();
        for (let i = 0; i < 40; i += 1) await act(world, dice, i);
        world.fail(false);
        // Everything that waits has a deadline.
        for (let i = 0; i < 40; i += 1) {
          await world.pass(10_000);
          const { meter } = world.bed;
          if (meter.queued + meter.running + meter.waiting === 0) break;
        }
        expect(faults(await log(world), world)).toEqual([]);
        const { queued, running, waiting } = world.bed.meter;
        expect([queued, running, waiting, world.ear.fallen]).toEqual([0, 0, 0, false]);
      }),
      { numRuns: runs },
    );
  },
);
