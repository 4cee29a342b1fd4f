import * as fc from "fast-check";
import { expect, test } from "vitest";
import { manualClock } from "../../../../../tests/stand-ins/manual-clock.ts";
import { createGate } from "./udp-gate.ts";

const settleMs = 100;
const quarantineMs = 2_000;

const makeGate = (oneAtATime: () => boolean = () => true) => {
  const clock = manualClock();
  const out: string[] = [];
  const gate = createGate<string>({
    clock,
    settleMs,
    quarantineMs,
    maxWaiting: 8,
    oneAtATime,
    go: (item) => out.push(item),
    afterReading: (run) => run(),
  });
  return { clock, out, gate };
};

test("the next waits until the one before was decided and others' replies to it have had their time", () => {
  const { clock, out, gate } = makeGate();
  for (const item of ["a", "b", "c"]) gate.enter(item);
  expect(out).toEqual(["a"]);
  clock.advance(60_000);
  expect(out).toEqual(["a"]);
  gate.leave("a", clock.monotonic());
  clock.advance(settleMs - 1);
  expect([out, gate.alone]).toEqual([["a"], "a"]);
  clock.advance(1);
  expect([out, gate.alone]).toEqual([["a", "b"], "b"]);
  gate.leave("b");
  clock.advance(quarantineMs - 1);
  expect(out).toEqual(["a", "b"]);
  clock.advance(1);
  expect(out).toEqual(["a", "b", "c"]);
});

test("what was withdrawn while it waited is never let out, and nobody waits for its replies", () => {
  const { clock, out, gate } = makeGate();
  for (const item of ["a", "b", "c"]) gate.enter(item);
  gate.leave("b");
  gate.leave("a", -Infinity);
  expect(out).toEqual(["a", "c"]);
  expect(clock.pending).toBe(0);
});

test("P5 more than it may hold is not let in; closed, it gives back who waits and lets nobody out", () => {
  const { clock, out, gate } = makeGate();
  gate.enter("out");
  for (let i = 0; i < 8; i += 1) expect(gate.enter(String(i))).toBe(true);
  expect(gate.enter("too many")).toBe(false);
  expect(gate.close().length).toBe(8);
  gate.leave("out");
  clock.advance(60_000);
  expect([out, gate.enter("later")]).toEqual([["out"], false]);
});

test("lifted, all go at once and none is alone; in force again, the next waits for all of them", () => {
  let plain = true;
  const { clock, out, gate } = makeGate(() => plain);
  for (const item of ["a", "b", "c"]) gate.enter(item);
  plain = false;
  gate.relax();
  expect([out, gate.alone]).toEqual([["a", "b", "c"], undefined]);
  plain = true;
  gate.enter("d");
  gate.leave("a", clock.monotonic());
  gate.leave("b");
  gate.leave("c", clock.monotonic());
  clock.advance(quarantineMs - 1);
  expect(out.length).toBe(3);
  clock.advance(1);
  expect([out.at(-1), gate.alone]).toEqual(["d", "d"]);
});

/** What can happen, and after how many milliseconds. */
const step = fc.record({
  after: fc.constantFrom(0, 1, 99, 100, 1_999, 2_000, 5_000),
  what: fc.constantFrom("enter", "enter", "reply", "give up", "withdraw", "lift", "drop"),
});

test("P3 P7 whatever happens: in order, one at a time unless lifted, each with its pause, and nobody waits for ever", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let plain = true;
      let next = 0;
      let clearAt = -Infinity;
      const clock = manualClock();
      const inside: number[] = [];
      const out = new Set<number>();
      let last = -1;
      const gate = createGate<number>({
        clock,
        settleMs,
        quarantineMs,
        maxWaiting: 1_000,
        oneAtATime: () => plain,
        go(item) {
          expect(item).toBeGreaterThan(last);
          last = item;
          if (plain) expect([out.size, clock.monotonic() >= clearAt]).toEqual([0, true]);
          inside.splice(inside.indexOf(item), 1);
          out.add(item);
        },
        afterReading: (run) => run(),
      });
      const leave = (item: number | undefined, repliedAt?: number): void => {
        if (item === undefined) return;
        if (out.delete(item))
          clearAt = Math.max(
            clearAt,
            repliedAt === undefined ? clock.monotonic() + quarantineMs : repliedAt + settleMs,
          );
        gate.leave(item, repliedAt);
      };
      const firstOut = (): number | undefined => [...out][0];
      for (const { after, what } of steps) {
        clock.advance(after);
        if (what === "enter") {
          inside.push(next);
          gate.enter(next);
          next += 1;
        } else if (what === "reply") leave(firstOut(), clock.monotonic());
        else if (what === "give up") leave(firstOut());
        else if (what === "withdraw") {
          const waiting = inside.at(-1);
          if (waiting !== undefined && !out.has(waiting)) {
            inside.pop();
            gate.leave(waiting);
          }
        } else plain = what === "drop";
        if (!plain) gate.relax();
      }
      // Whoever is out is decided at some time: then everybody gets his turn.
      for (let i = 0; i <= next; i += 1) {
        for (const item of out) leave(item);
        clock.advance(quarantineMs);
      }
      expect(inside).toEqual([]);
    }),
    { numRuns: 500, verbose: 1 },
  );
});
