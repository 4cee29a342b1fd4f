import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { JournalledText, JournalRecord, LiveJournal } from "./live-journal.ts";

/** A started journal, what it started with, and how its process would end and begin again. */
export interface JournalUnderTest {
  readonly journal: LiveJournal;
  readonly left: readonly JournalledText[];
  /** Starts another one on what this one left, without a close: as after a kill -9. */
  restart(): Promise<JournalUnderTest>;
  /** Closes it and takes away what it left. */
  remove(): Promise<void>;
}

const a = "channel:a";
export const record = (turn: number, offset: number, text: string, resets = 0): JournalRecord => ({
  conversation: a,
  turn,
  offset,
  escaped: JSON.stringify(text).slice(1, -1),
  resets,
});

const byTurn = (texts: readonly JournalledText[]): JournalledText[] =>
  texts.toSorted((x, y) => x.turn - y.turn);

/** What every journal must do. */
export const liveJournalContract = (name: string, create: () => Promise<JournalUnderTest>): void => {
  describe(`${name} as a live journal`, () => {
    let under: JournalUnderTest;
    const write = (...records: JournalRecord[]): Promise<void> => under.journal.write(records);
    const restart = async (): Promise<JournalledText[]> => {
      under = await under.restart();
      return byTurn(under.left);
    };
    const text = (turn: number, said: string, resets: number[] = []): JournalledText => ({
      conversation: a,
      turn,
      text: said,
      resets,
    });

    beforeEach(async () => {
      under = await create();
    });
    afterEach(() => under.remove());

    test("begins with nothing", () => {
      expect(under.left).toEqual([]);
    });

    test("P4 what was written is there after a restart, and after the next, until it is forgotten", async () => {
      await write(record(1, 0, "Hel"), record(2, 0, "Good"));
      await write(record(1, 3, "lo"), { ...record(1, 0, "Elsewhere"), conversation: "channel:b" });
      expect(await restart()).toEqual([
        text(1, "Hello"),
        { ...text(1, "Elsewhere"), conversation: "channel:b" },
        text(2, "Good"),
      ]);
      await write(record(2, 4, " day"));
      expect((await restart()).at(-1)).toEqual(text(2, "Good day"));
      under.journal.forget(a, 1);
      under.journal.forget("channel:b", 1);
      under.journal.forget(a, 77);
      await write(record(2, 8, "!"));
      expect(await restart()).toEqual([text(2, "Good day!")]);
      under.journal.forget(a, 2);
      await under.journal.close();
      expect(await restart()).toEqual([]);
    });

    test("P4 a reset drops what was there, and is remembered with the offset that it kept", async () => {
      await write(record(1, 0, "Hello world"));
      await write(record(1, 6, "you", 1));
      expect(await restart()).toEqual([text(1, "Hello you", [6])]);
      await write(record(1, 9, "!", 1), record(1, 2, "y", 2));
      expect(await restart()).toEqual([text(1, "Hey", [6, 2])]);
      await write(record(1, 0, "Ho", 4));
      expect(await restart()).toEqual([text(1, "Ho", [6, 2, 0, 0])]);
    });

    test("P4 a record that comes again does no harm, and one behind a gap is ignored", async () => {
      for (let again = 0; again < 3; again += 1) await write(record(1, 0, "Hello"), record(1, 5, " wor", 1));
      await write(record(1, 5, " world", 1), record(1, 12, "lost"), record(2, 1, "lost"));
      expect(await restart()).toEqual([text(1, "Hello world", [5])]);
    });

    test("whatever a text or a name is made of, it comes back", async () => {
      const odd = `"quoted" \\ \n\r\t \u0000 \u2028 \u2029 ü 😀 </script> ${"long ".repeat(300_000)}`;
      const conversation = 'chat:it\'s "odd" \n 😀 \u2028';
      await write({ ...record(1, 0, odd), conversation }, { ...record(1, odd.length, "ü"), conversation });
      const [back] = await restart();
      expect(back?.conversation).toBe(conversation);
      expect(back?.text === `${odd}ü`).toBe(true);
      await write({ ...record(1, 16, "cut"), conversation });
      expect((await restart())[0]?.text).toBe(`${odd.slice(0, 16)}cut`);
    });

    test("writes that are made at once take effect in the order of the calls", async () => {
      const said = Array.from({ length: 50 }, (_, index) => String.fromCharCode(97 + (index % 26)));
      await Promise.all(said.map((letter, index) => write(record(1, index, letter))));
      expect(await restart()).toEqual([text(1, said.join(""))]);
    });

    test("P12 a closed journal refuses", async () => {
      await Promise.all([under.journal.close(), under.journal.close()]);
      await under.journal.close();
      await expect(write(record(1, 0, "x"))).rejects.toMatchObject({ code: "store_unavailable" });
    });

    test("P4 however texts grow, are taken back and end, over any number of restarts, they come back as they were", async () => {
      expect.hasAssertions();
      const turn = fc.integer({ min: 1, max: 3 });
      const piece = fc.oneof(
        fc.string({ unit: "grapheme", maxLength: 8 }),
        fc.constantFrom("\n", '"', "\\", "😀", "é"),
      );
      const what = fc.constantFrom("say", "say", "say", "say", "say", "reset", "forget", "restart");
      const step = fc.record({ do: what, turn, piece, keep: fc.nat({ max: 20 }) });
      let run = 0;
      const property = fc.asyncProperty(fc.array(step, { maxLength: 50 }), async (steps) => {
        run += 1;
        const conversation = `channel:${run}`;
        const model = new Map<number, { units: string; resets: number[] }>();
        const compare = async (): Promise<void> => {
          const left = (await restart()).filter((back) => back.conversation === conversation);
          const expected = [...model].map(([turn, { units, resets }]) => ({
            conversation,
            turn,
            text: units,
            resets,
          }));
          expect(left).toEqual(byTurn(expected));
        };
        for (const { do: does, turn, piece, keep } of steps) {
          const known = model.get(turn) ?? { units: "", resets: [] };
          const offset = does === "reset" ? Math.min(keep, known.units.length) : known.units.length;
          const kept = known.units.slice(0, offset);
          if (does === "restart") {
            await compare();
          } else if (does === "forget") {
            model.delete(turn);
            under.journal.forget(conversation, turn);
            await write();
          } else if (kept.isWellFormed()) {
            // Nobody keeps half of a pair.
            const resets = does === "reset" ? [...known.resets, offset] : known.resets;
            model.set(turn, { units: kept + piece, resets });
            await write({ ...record(turn, offset, piece, resets.length), conversation });
          }
        }
        await compare();
        for (const turn of model.keys()) under.journal.forget(conversation, turn);
        model.clear();
        await write();
        await compare();
      });
      // A failure prints its seed and path; hand them to `fc.assert` to see it again.
      await fc.assert(property, { numRuns: 60 });
    });
  });
};
