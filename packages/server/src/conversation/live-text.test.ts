import fc from "fast-check";
import { expect, test } from "vitest";
import type { EscapedText } from "@colloquy/protocol";
import { LiveText } from "./live-text.ts";

const decoder = new TextDecoder();
const plain = (pieces: EscapedText): string => {
  const escaped = pieces.map((piece) => (typeof piece === "string" ? piece : decoder.decode(piece))).join("");
  return String(JSON.parse(`"${escaped}"`));
};

const piece = fc.oneof(
  fc.string({ unit: "binary", maxLength: 6 }),
  fc.constantFrom("\ud83d", "\ude00", '"', "\\", "\n", "plain"),
);

test("P4 nothing is visible before it is written, and what is visible is a prefix of what is said", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(piece, fc.boolean(), fc.boolean())), (steps) => {
      const text = new LiveText("c", 1);
      let said = "";
      let journal = "";
      for (const [more, collects, writes] of steps) {
        text.append(more, 1);
        said += more;
        if (!collects) continue;
        const before = text.visible;
        const record = text.collect();
        expect(text.visible).toBe(before);
        if (!record || !writes) continue;
        journal = journal.slice(0, record.offset) + plain([record.escaped]);
        text.written();
        expect(plain(text.slice(0))).toBe(journal);
        expect(plain(text.whole())).toBe(journal);
        expect(said.toWellFormed().startsWith(journal)).toBe(true);
      }
      text.finish(true);
      text.stored(text.textFrom(0).length);
      expect(plain(text.slice(0))).toBe(said.toWellFormed());
    }),
  );
});

test("P4 a slice from any offset to any end is that slice of the text", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 5 }), { maxLength: 12 }),
      fc.nat(40),
      fc.nat(40),
      (pieces, a, b) => {
        const text = new LiveText("c", 1);
        for (const one of pieces) {
          text.append(one, 1);
          if (text.collect()) text.written();
        }
        const whole = pieces.join("");
        const [from, to] = [Math.min(a, b, whole.length), Math.min(Math.max(a, b), whole.length)];
        expect(plain(text.slice(from, to))).toBe(whole.slice(from, to));
        expect(text.textFrom(from)).toBe(whole.slice(from));
      },
    ),
  );
});

test("a trailing high surrogate waits for its partner; a lone one becomes U+FFFD", () => {
  const text = new LiveText("c", 1);
  text.append("a\ud83d", 1);
  expect(text.collect()?.escaped).toBe("a");
  text.written();
  text.append("\ude00", 1);
  expect(text.collect()?.escaped).toBe("😀");
  text.written();
  text.append("\ud83d", 1);
  text.finish(true);
  expect(text.textFrom(0)).toBe("a😀\ufffd");
});

test("P4 a reset never leaves half a character: pairs are kept or taken back whole", () => {
  const text = new LiveText("c", 1);
  text.restore("x😀y", []);
  text.runAgain();
  text.append("x😁", 1);
  expect(text.resetsMade).toEqual([1]);
  text.finish(true);
  expect(text.textFrom(0)).toBe("x😁");
});

test("P4 a reset that could not be journalled stays unseen until it is", () => {
  const text = new LiveText("c", 1);
  text.restore("abcdef", []);
  text.runAgain();
  text.append("abX", 1);
  const record = text.collect();
  expect(record).toMatchObject({ offset: 2, escaped: "X", resets: 1 });
  expect([text.visible, text.resets, text.longest]).toEqual([2, [], 6]);
  expect(text.collect()).toEqual(record);
  text.written();
  expect([text.visible, text.resets, text.longest]).toEqual([3, [2], 3]);
});

test("P4 an answer run again that says half a character where a whole one was", () => {
  const text = new LiveText("c", 1);
  text.restore("😀a", []);
  text.runAgain();
  for (const piece of ["\ud83d", "\ud83d", "a"]) text.append(piece, 1);
  text.finish(true);
  expect(text.textFrom(0)).toBe("\ufffd\ufffda");
  expect(text.resetsMade).toEqual([0]);
});

test("P4 text that only the log had is journalled whole before anything new is", () => {
  const text = new LiveText("c", 1);
  text.restore("sealed, ", [], 0);
  text.append("new", 1);
  expect(text.collect()).toMatchObject({ offset: 0, escaped: "sealed, new" });
});
