import fc from "fast-check";
import { expect, test } from "vitest";
import { Relay, relayLimits } from "./relay.ts";

const ring = (maxBytes: number = relayLimits.totalBytes) => {
  const budget = { bytes: 0, maxBytes };
  return { budget, relay: new Relay("r", budget) };
};
const frame = (json: string, at = 0, messageId?: string, replaceable = false) => ({
  json,
  form: "payload" as const,
  messageId,
  replaceable,
  at,
});

test("P5 the ring holds at most 256 frames, 5 minutes and 1 MiB; the budget is shared", () => {
  const { relay, budget } = ring();
  for (let i = 0; i < 300; i += 1) relay.add(frame(`${i}`));
  expect(relay.next(0)).toBe("lost");
  expect(relay.next(300 - 256)).toMatchObject({ json: "44" });
  relay.expire(relayLimits.ageMs + 1);
  expect(relay.next(299)).toBe("lost");
  expect(budget.bytes).toBe(0);
  for (let i = 0; i < 3; i += 1) relay.add(frame("x".repeat(600_000), relayLimits.ageMs + 1));
  expect(relay.bytes).toBe(600_000);
  const small = ring(1_000);
  const other = new Relay("o", small.budget);
  small.relay.add(frame("x".repeat(900)));
  other.add(frame("y".repeat(500)));
  other.add(frame("z".repeat(500)));
  expect(other.next(1)).toMatchObject({ seq: 2 });
  expect(other.next(0)).toBe("lost");
});

test("P5 one large frame on each of many channels does not hold more than the server may", () => {
  const budget = { bytes: 0, maxBytes: 1_000 };
  for (let i = 0; i < 10; i += 1) {
    const relay = new Relay(`${i}`, budget);
    relay.add(frame("x".repeat(400), 0, "m"));
    expect(relay.next(0)).toMatchObject({ seq: 1 });
    relay.giveWay();
  }
  expect(budget.bytes).toBeLessThanOrEqual(1_000);
});

test("for a slow reader a newer in_progress of a message takes the older one's turn; others are never dropped", () => {
  const { relay } = ring();
  relay.add(frame("a1", 0, "a", true));
  relay.add(frame("b1", 0, "b", true));
  relay.add(frame("note", 0, "a"));
  relay.add(frame("b2", 0, "b", true));
  const told: string[] = [];
  let seq = 0;
  for (let next = relay.next(seq); typeof next === "object"; next = relay.next(seq)) {
    told.push(next.json);
    seq = next.seq;
  }
  expect(told).toEqual(["a1", "note", "b2"]);
});

test("P4 P5 a reader at any place gets each frame once, in order, or is told that it lost some", () => {
  const added = fc.array(fc.tuple(fc.constantFrom("a", "b", undefined), fc.boolean(), fc.boolean()), {
    maxLength: 400,
  });
  fc.assert(
    fc.property(added, (frames) => {
      const { relay } = ring();
      let seq = 0;
      let lost = false;
      const told: number[] = [];
      const read = (): void => {
        for (let next = relay.next(seq); next !== undefined; next = relay.next(seq)) {
          if (next === "lost") {
            lost = true;
            const newest = relay.newestOfEach();
            expect(newest.map((one) => one.seq)).toEqual(
              newest.map((one) => one.seq).toSorted((a, b) => a - b),
            );
            seq = relay.head;
            return;
          }
          told.push(next.seq);
          seq = next.seq;
        }
      };
      for (const [id, replaceable, reads] of frames) {
        relay.add(frame("x", 0, id, replaceable));
        if (reads) read();
      }
      read();
      expect(told).toEqual([...new Set(told)].toSorted((a, b) => a - b));
      if (!lost) {
        const mustSee = frames.flatMap(([, replaceable], i) => (replaceable ? [] : [i + 1]));
        expect(told.filter((one) => mustSee.includes(one))).toEqual(mustSee);
      }
    }),
  );
});

test("an end of the same message takes nobody's turn: only a newer in_progress does", () => {
  const { relay } = ring();
  relay.add(frame("a1", 0, "a", true));
  relay.add(frame("a2", 0, "a", true));
  relay.add(frame("a end", 0, "a"));
  expect(relay.next(0)).toMatchObject({ json: "a2" });
  expect(relay.next(2)).toMatchObject({ json: "a end" });
});
