import * as fc from "fast-check";
import { expect, test } from "vitest";
import vectors from "../../vectors/sequencer/broadcast.json" with { type: "json" };
import { historyRow, renderBroadcast } from "./render-broadcast.ts";
import { renderReply } from "./render-reply.ts";
import type { Generation } from "./shapes.ts";
import { utf8Length } from "./utf8-length.ts";

const generationOf = (number: number): Generation => (number === 1 ? 1 : 2);
const encoder = new TextEncoder();
const bytesOf = (text: string): number => encoder.encode(text).length;

test.each(vectors)("vector: $title", ({ broadcast, maxBytes, output }) => {
  const { id, ...rest } = broadcast;
  const generation = generationOf(broadcast.generation);
  const history = broadcast.history.map((facts) => historyRow(generation, facts));
  expect(
    renderBroadcast({ ...rest, ...(id !== undefined && { id }), generation, history }, maxBytes),
  ).toStrictEqual(output);
});

test("the length of a text in UTF-8 is what an encoder makes of it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(utf8Length(text)).toBe(bytesOf(text));
      expect(utf8Length(`\ud800${text}\udc00`)).toBe(bytesOf(`\ud800${text}\udc00`));
    }),
    { verbose: 1 },
  );
});

test("a broadcast keeps within its bytes, with as much of the newest history as there is room for", () => {
  const facts = fc.record({ prompt: fc.string({ unit: "binary", maxLength: 60 }), answer: fc.string() });
  const room = fc.integer({ min: 90, max: 700 });
  fc.assert(
    fc.property(
      fc.constantFrom<Generation>(1, 2),
      fc.array(facts, { maxLength: 8 }),
      room,
      (generation, all, max) => {
        const history = all.map((one) => historyRow(generation, one));
        const broadcast = { prompt: "Hi", history, generation, listenPort: 5000, time: "01:02:03" };
        const rendered = renderBroadcast(broadcast, max);
        if (!rendered.fits) throw new Error("a prompt of two letters fits");
        const kept = history.length - rendered.leftOut;
        expect(bytesOf(rendered.text)).toBeLessThanOrEqual(max);
        expect(JSON.parse(rendered.text)).toMatchObject({
          history: JSON.parse(JSON.stringify(history.slice(0, kept))),
        });
        const more = { ...broadcast, history: history.slice(0, kept + 1) };
        expect(rendered.leftOut > 0 && renderBroadcast(more, max)).not.toMatchObject({ leftOut: 0 });
      },
    ),
    { verbose: 1 },
  );
});

test("a reply to a peer that reads 1024 bytes fits them, has every field, and is cut between characters", () => {
  const reply = { sysbool: true, sender: "Node-5001", generation: 1 as const, time: "01:02:03" };
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 300, maxLength: 1_500 }), (text) => {
      const rendered = renderReply({ ...reply, text }, 1_024);
      expect(bytesOf(rendered.text)).toBeLessThanOrEqual(1_024);
      const { message, ...rest }: { message: string } = JSON.parse(rendered.text);
      expect(rest).toEqual({ sysbool: "True", timestamp: "01:02:03", sender: "Node-5001" });
      expect(message.isWellFormed()).toBe(true);
      const whole = text.toWellFormed();
      if (rendered.cut) expect(message.endsWith("…") && whole.startsWith(message.slice(0, -1))).toBe(true);
      else expect(message).toBe(whole);
    }),
    { verbose: 1 },
  );
  const long = renderReply({ ...reply, text: "😀".repeat(1_000) }, 1_024);
  expect([long.cut, bytesOf(long.text) > 1_018]).toEqual([true, true]);
});
