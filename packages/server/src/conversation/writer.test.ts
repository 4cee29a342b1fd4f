import type { NewEntry } from "@colloquy/protocol";
import { expect, test } from "vitest";
import type { Clock } from "../kernel/clock.ts";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import { systemIds } from "../kernel/ids.ts";
import { silentLogger } from "../kernel/logger.ts";
import { createMeter } from "../kernel/meter.ts";
import { createMemoryStore } from "../stores/memory-store.ts";
import type { Append, Store } from "../stores/store.ts";
import { Writer } from "./writer.ts";

const note = (attempt: number): NewEntry => ({ kind: "note", about: "attempt", attempt, at: 0 });

/** A writer on a store that fails when told, and whose waits end when told. */
const makeScene = async () => {
  const store = createMemoryStore({ ids: systemIds });
  await store.start();
  const head = await store.lead("channel:a", true);
  if (!head) throw new Error("no log");
  const waits: (() => void)[] = [];
  const clock: Clock = {
    now: () => 0,
    monotonic: () => 0,
    every: () => () => {},
    after: (_ms, run) => {
      waits.push(run);
      return () => {};
    },
  };
  const scene = { works: true, waits, gate: Promise.resolve() };
  const append = async (what: Append): Promise<void> => {
    const works = scene.works;
    await scene.gate;
    if (!works) throw new ColloquyError("store_unavailable");
    await store.append(what);
  };
  const failing: Store = { ...store, append };
  const options = {
    conversation: "channel:a",
    head,
    store: failing,
    clock,
    added: () => {},
    found: () => {},
  };
  const writer = new Writer({ ...options, logger: silentLogger, meter: createMeter() });
  const stored = async (): Promise<unknown[]> =>
    (await store.readAfter("channel:a", 0, 100)).map((entry) => entry.kind === "note" && entry.attempt);
  const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
  return { ...scene, scene, writer, stored, settle };
};

test("P2 an end that is handed in while the store comes back does not overtake the part before it", async () => {
  const { scene, writer, waits, stored, settle } = await makeScene();
  scene.works = false;
  const part = writer.appendSurely([note(1)]);
  await settle();
  scene.works = true;
  const end = writer.appendSurely([note(2)]);
  await settle();
  waits.shift()?.();
  await Promise.all([part, end]);
  expect(await stored()).toEqual([1, 2]);
});

test("P2 an end that waits behind a failing append does not overtake what failed", async () => {
  const { scene, writer, waits, stored, settle } = await makeScene();
  const gate = Promise.withResolvers<void>();
  scene.works = false;
  scene.gate = gate.promise;
  const part = writer.appendSurely([note(1)]);
  await settle();
  const end = writer.appendSurely([note(2)]);
  scene.works = true;
  gate.resolve();
  await settle();
  waits.shift()?.();
  await Promise.all([part, end]);
  expect(await stored()).toEqual([1, 2]);
});

test("P1 while the store fails a prompt is refused at once, also when an end is being tried again", async () => {
  const { scene, writer, waits, stored, settle } = await makeScene();
  scene.works = false;
  const end = writer.appendSurely([note(1)]);
  await settle();
  await expect(writer.append(() => [note(2)])).rejects.toMatchObject({ code: "store_unavailable" });
  waits.shift()?.();
  await settle();
  expect(waits).toHaveLength(1);
  scene.works = true;
  waits.shift()?.();
  await end;
  expect(await stored()).toEqual([1]);
});
