import type { Code, NewEntry } from "@colloquy/protocol";
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
  const closing = new AbortController();
  const scene = { works: true, waits, gate: Promise.resolve(), hates: 0, why: "store_unavailable" as Code };
  const append = async (what: Append): Promise<void> => {
    const works = scene.works;
    await scene.gate;
    if (!works) throw new ColloquyError("store_unavailable");
    if (what.entries.some((entry) => entry.kind === "note" && entry.attempt === scene.hates))
      throw new ColloquyError(scene.why);
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
    signal: closing.signal,
  };
  const writer = new Writer({ ...options, logger: silentLogger, meter: createMeter() });
  const stored = async (): Promise<unknown[]> =>
    (await store.readAfter("channel:a", 0, 100)).map((entry) => entry.kind === "note" && entry.attempt);
  const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
  return { ...scene, scene, closing, writer, stored, settle };
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

test("P12 an entry that the store does not take refused all that were appended together with it", async () => {
  const { scene, writer, stored } = await makeScene();
  scene.hates = 3;
  scene.why = "prompt_id_taken";
  const [first, ...rest] = [1, 2, 3, 4].map((n) => writer.append(() => [note(n)]));
  const sure = writer.appendSurely([note(5)]);
  const outcomes = await Promise.allSettled([...rest, sure]);
  await first;
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "fulfilled"]);
  expect(await stored()).toEqual([1, 2, 4, 5]);
});

test("P1 an end that the store did not take, as of a full disk, refused the prompts beside it and was overtaken by no later end", async () => {
  const { scene, writer, waits, stored, settle } = await makeScene();
  scene.hates = 2;
  const first = writer.append(() => [note(1)]);
  const ends = [2, 3].map((n) => writer.appendSurely([note(n)]));
  await Promise.all([first, writer.append(() => [note(4)])]);
  await settle();
  const later = writer.appendSurely([note(5)]);
  await writer.append(() => [note(6)]);
  expect(await stored()).toEqual([1, 4, 6]);
  scene.hates = 0;
  expect(waits).toHaveLength(1);
  waits.shift()?.();
  await Promise.all([...ends, later]);
  expect(await stored()).toEqual([1, 4, 6, 2, 3, 5]);
});

test("whoever cannot make his entries left the writer standing still", async () => {
  const { writer, stored } = await makeScene();
  const first = writer.append(() => [note(1)]);
  const broken = writer.append(() => {
    throw new Error("no");
  });
  const last = writer.append(() => [note(2)]);
  await expect(broken).rejects.toMatchObject({ code: "internal" });
  await Promise.all([first, last]);
  expect(await stored()).toEqual([1, 2]);
});

test("an end that the store refuses was tried again for ever after the server was closed", async () => {
  const { scene, closing, writer, settle } = await makeScene();
  scene.works = false;
  const end = writer.appendSurely([note(1)]);
  const later = writer.appendSurely([note(2)]);
  await settle();
  closing.abort();
  for (const one of [end, later, writer.appendSurely([note(3)])])
    await expect(one).rejects.toMatchObject({ code: "store_unavailable" });
});
