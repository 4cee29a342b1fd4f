import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { manualClock } from "../../../../../tests/stand-ins/manual-clock.ts";
import { ColloquyError } from "../../kernel/colloquy-error.ts";
import { silentLogger } from "../../kernel/logger.ts";
import { createGates } from "./gates.ts";

const bed = () => {
  const clock = manualClock();
  const said: string[] = [];
  const say = (_fields: object, message: string): void => void said.push(message);
  const gates = createGates({ ...silentLogger, error: say, info: say }, clock);
  let isTaken = true;
  let tries = 0;
  const life: string[] = [];
  const gate = {
    what: "sequencer main, replies",
    async start() {
      tries += 1;
      if (isTaken) throw new ColloquyError("not_available", { message: "UDP port 5000 is taken." });
      life.push("open");
    },
    close: async () => void life.push("closed"),
  };
  return {
    clock,
    gates,
    gate,
    said,
    life,
    tries: () => tries,
    free: (): void => void (isTaken = false),
    pass: async (): Promise<void> => {
      clock.advance(5_000);
      await nextTurn();
    },
  };
};

test("a port that is taken is told once, tried again by and by, and taken when it is free", async () => {
  const { clock, gates, gate, said, life, tries, free, pass } = bed();
  await gates.open(gate);
  await pass();
  await pass();
  expect([tries(), gates.isOpen(gate), gates.faults()]).toEqual([
    3,
    false,
    ["sequencer main, replies: UDP port 5000 is taken."],
  ]);
  expect(said).toHaveLength(1);
  free();
  await pass();
  expect([gates.isOpen(gate), gates.faults(), clock.pending]).toEqual([true, [], 0]);
  expect(said.at(-1)).toBe("sequencer main, replies: open now.");
  await pass();
  expect([tries(), said.length]).toEqual([4, 2]);
  await gates.close();
  expect(life).toEqual(["open", "closed"]);
});

test("closed gates are not tried again; one that opens just then is closed too", async () => {
  const { clock, gates, gate, tries, free, life } = bed();
  await gates.open(gate);
  free();
  clock.advance(5_000);
  await gates.close();
  clock.advance(60_000);
  await nextTurn();
  expect(tries()).toBeLessThanOrEqual(2);
  expect(life.filter((one) => one === "open").length).toBe(life.filter((one) => one === "closed").length);
  expect(clock.pending).toBe(0);
});
