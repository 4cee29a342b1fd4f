import { expect, test } from "vitest";
import { systemClock, type Clock } from "../kernel/clock.ts";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import type { Store } from "../stores/store.ts";
import { createHealth } from "./health.ts";

const refuse = (): never => {
  throw new Error("not to be called");
};
const storeWith = (list: Store["list"]): Store => ({
  start: refuse,
  lead: refuse,
  append: refuse,
  readAfter: refuse,
  readNewest: refuse,
  readTurn: refuse,
  findPrompt: refuse,
  readNotes: refuse,
  findNotes: refuse,
  openTurns: refuse,
  list,
  close: refuse,
});

test("ready while the store answers", async () => {
  const health = createHealth({
    store: storeWith(() => Promise.resolve([])),
    clock: systemClock,
    serving: () => true,
  });
  expect(health.alive()).toBe(true);
  expect(await health.ready()).toEqual({ ready: true, details: [] });
});

test("not ready before the start and while draining, whatever the store says", async () => {
  const health = createHealth({ store: storeWith(refuse), clock: systemClock, serving: () => false });
  expect(await health.ready()).toMatchObject({ ready: false });
});

test("not ready when the store refuses, and ready again after it", async () => {
  const answers = [Promise.reject(new ColloquyError("store_unavailable")), Promise.resolve([])];
  const store = storeWith(() => answers.shift() ?? Promise.resolve([]));
  const health = createHealth({ store, clock: systemClock, serving: () => true });
  expect(await health.ready()).toEqual({ ready: false, reason: "the store refuses" });
  expect(await health.ready()).toEqual({ ready: true, details: [] });
});

test("not ready when the store hangs; a hanging store is asked once", async () => {
  let asked = 0;
  let timeOut = (): void => {};
  const clock: Clock = {
    ...systemClock,
    after(_ms, run) {
      timeOut = run;
      return () => {};
    },
  };
  const store = storeWith(() => {
    asked += 1;
    return new Promise(() => {});
  });
  const health = createHealth({ store, clock, serving: () => true });
  const both = [health.ready(), health.ready()];
  timeOut();
  expect(await Promise.all(both)).toEqual(
    Array.from({ length: 2 }, () => ({ ready: false, reason: "the store does not answer" })),
  );
  expect(asked).toBe(1);
});
