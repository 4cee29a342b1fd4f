import * as fc from "fast-check";
import { expect, test } from "vitest";
import { systemIds } from "../../packages/server/src/kernel/ids.ts";
import { createWorkerPanel } from "../../packages/server/src/models/worker-panel.ts";
import { createSequencerModel } from "../../packages/server/src/sequencer/sequencer-model.ts";
import { ada, makeBed } from "../heart/bed.ts";
import { Ear } from "../heart/ear.ts";
import { manualClock } from "../stand-ins/manual-clock.ts";
import { wilfulWorker, type Deed } from "./wilful-worker.ts";

const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

type Step =
  | { readonly who: number; readonly deed: Deed }
  | { readonly wait: number }
  | { readonly ask: string }
  | { readonly cancel: string };

const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({
    do: fc.constant("come" as const),
    forgetful: fc.boolean(),
    concurrency: fc.integer({ min: 1, max: 2 }),
  }),
  fc.record({ do: fc.constantFrom("cut", "leave", "claim", "decline", "fail", "lie") }),
  fc.record({
    do: fc.constant("say" as const),
    length: fc.integer({ min: 1, max: 30 }),
    from: fc.constantFrom(0, 0, 0, 0, 3, -2),
  }),
  fc.record({ do: fc.constant("final" as const), text: fc.constantFrom("none", "all", "wrong") }),
);
const conversation = fc.constantFrom("channel:x", "channel:y");
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ who: fc.nat(2), deed }) },
  { weight: 1, arbitrary: fc.record({ wait: fc.constantFrom(5, 30, 100, 600) }) },
  { weight: 3, arbitrary: fc.record({ ask: conversation }) },
  { weight: 1, arbitrary: fc.record({ cancel: conversation }) },
);

const refusedAsFull = (error: unknown): undefined => {
  expect(error).toMatchObject({ code: "queue_full" });
  return undefined;
};

const play = async (steps: readonly Step[]): Promise<string[]> => {
  const clock = manualClock();
  const panel = createWorkerPanel({ clock, ids: systemIds, graceMs: 50, absenceMs: 20 });
  const workers = ["a", "b", "c"].map((name) => wilfulWorker(panel, name));
  const times = { deadlineMs: 500, claimMs: 80, clock };
  const model = createSequencerModel({ id: "sequencer:test", panels: [panel], policy: "first", ...times });
  const { heart, listen } = await makeBed({ model });
  const turns = new Map<string, number[]>([
    ["channel:x", []],
    ["channel:y", []],
  ]);
  const ears = new Map(Array.from(turns.keys(), (id) => [id, listen(id, { ear: new Ear() }).ear]));
  const come: Deed = { do: "come", forgetful: false, concurrency: 2 };
  workers[0]?.act(come);
  for (const one of [{ ask: "channel:x" }, ...steps]) {
    if ("who" in one) workers[one.who]?.act(one.deed);
    if ("wait" in one) clock.advance(one.wait);
    if ("ask" in one) {
      const accepted = await heart.prompt(ada, one.ask, { text: "Who?" }).catch(refusedAsFull);
      if (accepted) turns.get(one.ask)?.push(accepted.turn);
    }
    if ("cancel" in one) await heart.cancel(ada, one.cancel).catch(() => {});
    await nextTurn();
  }
  // Nobody is there any more, so that what waits is asked in vain, one after the other, and ends.
  for (const one of workers) one.act({ do: "leave" });
  const ends: string[] = [];
  for (const [id, ear] of ears) {
    const asked = turns.get(id) ?? [];
    while (!asked.every((turn) => ear.ends.has(turn))) {
      clock.advance(600);
      await nextTurn();
    }
    const { entries } = await heart.history(ada, id, { limit: 200 });
    for (const turn of asked) {
      const mine = entries.filter((entry) => "turn" in entry && entry.turn === turn);
      const answers = mine.flatMap((entry) => (entry.kind === "answer" ? [entry.text] : []));
      const [told, ...more] = mine.flatMap((entry) =>
        entry.kind === "note" && entry.data && "policy" in entry.data ? [entry.data] : [],
      );
      expect([answers.length <= 1, more, mine.filter(({ kind }) => kind === "turn-end").length]).toEqual([
        true,
        [],
        1,
      ]);
      const [answer = ""] = answers;
      expect(ear.texts.get(turn) ?? "").toBe(answer);
      const end = ear.ends.get(turn) ?? "";
      const speaker = workers.find(({ name }) => name === answer[0]);
      if (answer !== "" && end !== "cancelled") expect(told).toMatchObject({ winner: speaker?.name });
      if (answer !== "")
        expect([...(speaker?.sayings ?? [])].some((all) => all.startsWith(answer))).toBe(true);
      ends.push(answer === "" ? end : `${end} with text`);
    }
  }
  await panel.close();
  await heart.close();
  return ends;
};

test("P7 P3 P4 whatever workers do in whatever order: one end, at most one answer, all of it one worker's words", async () => {
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40, size: "max" }), async (steps) => {
      for (const end of await play(steps)) seen.set(end, (seen.get(end) ?? 0) + 1);
    }),
    { numRuns: 300, verbose: 1 },
  );
  // Each way to end was taken.
  expect([...seen.keys()]).toEqual(
    expect.arrayContaining([
      "completed with text",
      "worker_lost with text",
      "worker_contradicts with text",
      "cancelled with text",
      "cancelled",
      "no_model",
      "no_reply",
      "worker_lost",
    ]),
  );
});
