import fc from "fast-check";
import { expect, test } from "vitest";
import { emptyRun, extend, type GaplessRun } from "./gapless-run.ts";

const give = (pieces: readonly (readonly [number, string])[]) => {
  let run: GaplessRun | undefined = emptyRun;
  let shown = "";
  for (const [offset, text] of pieces) {
    run = run && extend(run, text, offset);
    shown += run?.added ?? "";
  }
  return { run, shown };
};

test("P4 pieces in any order, some of them twice, give the text; what each one added, put together, is the text", () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 40 }),
      fc.array(fc.tuple(fc.nat(40), fc.nat(8)), { maxLength: 30 }),
      (whole, cuts) => {
        const pieces = cuts.map(([at, length]) => [at, whole.slice(at, at + length)] as const);
        const { run, shown } = give([...pieces, [0, whole]]);
        expect([run?.text, shown]).toEqual([whole, whole]);
      },
    ),
  );
});

test("a piece that says something else than before is none", () => {
  expect(
    give([
      [0, "Hello"],
      [1, "a"],
    ]).run,
  ).toBeUndefined();
  expect(
    give([
      [3, "xy"],
      [0, "abcd"],
    ]).run,
  ).toBeUndefined();
  expect(
    give([
      [0, "Hello"],
      [3, "lo you"],
    ]).run?.text,
  ).toBe("Hello you");
});

test("a piece that repeats what waits behind a gap and more is cut there", () => {
  const { run, shown } = give([
    [2, "cd"],
    [4, "ef"],
    [0, "abcd"],
  ]);
  expect([run?.text, shown, run?.ahead]).toEqual(["abcdef", "abcdef", []]);
});
