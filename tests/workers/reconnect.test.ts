import * as fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { layCable } from "../stand-ins/cable.ts";
import { until } from "../stand-ins/until.ts";
import { gate, setWorkersStage } from "./stage.ts";

const setUp = async () => {
  const stage = await setWorkersStage({ panel: { graceMs: 60_000 } });
  const cable = await layCable(stage.port);
  onTestFinished(() => cable.close());
  return { stage, cable, url: `ws://${cable.address}/models` };
};

test("P4 a line that is cut in mid-answer: the worker goes on, without repeat or gap", async () => {
  const { stage, cable, url } = await setUp();
  const steps = [gate(), gate()];
  await stage.hire(
    "a",
    async function* () {
      yield "Hello ";
      await steps[0]?.promise;
      yield "out ";
      await steps[1]?.promise;
      yield "there.";
    },
    { url },
  );
  const { ear } = await stage.ask();
  await ear.until(() => ear.texts.get(1) === "Hello ");
  cable.port = undefined;
  cable.cut();
  await until(() => !stage.connected("a"));
  steps[0]?.resolve();
  expect(ear.texts.get(1)).toBe("Hello ");
  cable.port = stage.port;
  await ear.until(() => ear.texts.get(1) === "Hello out ");
  steps[1]?.resolve();
  await ear.untilEnded(1);
  expect([ear.texts.get(1), ear.ends.get(1), ear.resets]).toEqual(["Hello out there.", "completed", 0]);
});

test("P4 P7 two workers, lines that are cut again and again: one whole answer each time", async () => {
  const { stage, cable, url } = await setUp();
  const pieces = (name: string, text: string): string[] =>
    Array.from({ length: 60 }, (_, i) => `${name}${i}${"😀".slice(0, 1 + (i % 2))}${text} `);
  for (const name of ["a", "b"]) {
    await stage.hire(
      name,
      async function* ({ text }) {
        for (const piece of pieces(name, text)) {
          yield piece;
          await new Promise(setImmediate);
        }
      },
      { url },
    );
  }
  let asked = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 5 }), async (cuts) => {
      asked += 1;
      const { ear, turn } = await stage.ask(`channel:${asked}`, String(asked));
      for (const after of cuts) {
        for (let i = 0; i < after; i += 1) await new Promise(setImmediate);
        cable.cut();
      }
      await ear.untilEnded(turn);
      const [winner = ""] = ear.texts.get(turn) ?? "";
      // A lone half of a character is replaced in the log.
      const whole = pieces(winner, String(asked)).join("").toWellFormed();
      expect([ear.texts.get(turn), ear.ends.get(turn), ear.resets]).toEqual([whole, "completed", 0]);
    }),
    { numRuns: 60, verbose: 1 },
  );
  expect(cable.accepted).toBeGreaterThan(60);
});

test("a server that closes says when to come back, and the worker does", async () => {
  const { stage } = await setUp();
  const one = await stage.hire("a", () => "here");
  const signal = AbortSignal.timeout(60_000);
  await stage.gateway.goodbye({ overMs: 0, backInMs: 60_000, signal });
  await until(() => one.connection.phase === "waiting");
  expect(one.connection.retryAt).toBeGreaterThan(Date.now() + 30_000);
});
