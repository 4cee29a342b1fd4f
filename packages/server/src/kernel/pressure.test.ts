import * as fc from "fast-check";
import { expect, test } from "vitest";
import { wireLimits } from "@colloquy/protocol";
import { admits, ask, confirm, mayAsk, noPressure, unconfirmed, wrote } from "./pressure.ts";

const limit = wireLimits.unconfirmedBytes;

test("P5 frames go out until 16 KiB are unconfirmed, and one larger one when nothing is", () => {
  const pressure = noPressure();
  expect(admits(pressure, 10 * limit)).toBe(true);
  wrote(pressure, 1);
  expect(admits(pressure, 10 * limit)).toBe(false);
  expect(admits(pressure, limit - 1)).toBe(true);
  expect(admits(pressure, limit)).toBe(false);
  wrote(pressure, limit - 1);
  expect(admits(pressure, 0)).toBe(false);
  confirm(pressure, ask(pressure));
  expect(unconfirmed(pressure)).toBe(0);
  expect(admits(pressure, 10 * limit)).toBe(true);
});

test("a ping is due after every 8 KiB", () => {
  const pressure = noPressure();
  expect(wrote(pressure, 8191)).toBe(false);
  expect(wrote(pressure, 1)).toBe(true);
  ask(pressure);
  expect(wrote(pressure, 8191)).toBe(false);
  expect(wrote(pressure, 100_000)).toBe(true);
});

test("pongs that no ping asked for, or that came before, confirm nothing", () => {
  const pressure = noPressure();
  wrote(pressure, 1000);
  expect(confirm(pressure, 1000)).toBe(false);
  ask(pressure);
  wrote(pressure, 1000);
  expect(confirm(pressure, 2000)).toBe(false);
  expect(confirm(pressure, 1000)).toBe(true);
  expect(confirm(pressure, 1000)).toBe(false);
  expect(unconfirmed(pressure)).toBe(1000);
});

test("a client that sends a thousand words at once gets its answers without as many pings, which its library would end it for", () => {
  const pressure = noPressure();
  let pings = 0;
  for (let i = 0; i < 1000; i += 1) {
    const due = wrote(pressure, 100);
    if (due || mayAsk(pressure)) {
      ask(pressure);
      pings += 1;
    }
  }
  expect(pings).toBeLessThan(60);
  expect(confirm(pressure, pressure.asked)).toBe(true);
  wrote(pressure, 1);
  expect(mayAsk(pressure)).toBe(true);
});

/** A peer that reads in its own time, and a sender that holds to the rules. */
const life = fc.array(
  fc.oneof(
    fc.record({ send: fc.oneof(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 3 * limit })) }),
    fc.record({ read: fc.integer({ min: 1, max: 40_000 }) }),
    fc.record({ forge: fc.integer({ min: 0, max: 200_000 }) }),
  ),
);

test("P5 whatever is sent and read when: bounded, never stuck, and what is confirmed was asked for", () => {
  fc.assert(
    fc.property(life, (steps) => {
      const pressure = noPressure();
      const pings: { at: number }[] = [];
      let read = 0;
      const deliver = (upTo: number): void => {
        read = Math.min(pressure.sent, upTo);
        for (const { at } of pings) if (at <= read) confirm(pressure, at);
      };
      const send = (bytes: number): boolean => {
        if (!admits(pressure, bytes)) {
          if (mayAsk(pressure)) pings.push({ at: ask(pressure) });
          return false;
        }
        const before = unconfirmed(pressure);
        if (wrote(pressure, bytes)) pings.push({ at: ask(pressure) });
        expect(unconfirmed(pressure) <= limit || before === 0).toBe(true);
        return true;
      };
      for (const step of steps) {
        if ("send" in step) send(step.send);
        else if ("read" in step) deliver(read + step.read);
        else confirm(pressure, step.forge);
        expect(pressure.confirmed).toBeLessThanOrEqual(pressure.asked);
      }
      // Refused once at most, or twice where pings were spared: when the peer has read all of it, the next frame goes out.
      const spared = !send(3 * limit) && pressure.asked < pressure.sent;
      deliver(Infinity);
      if (spared && !send(3 * limit)) deliver(Infinity);
      expect(send(3 * limit)).toBe(true);
    }),
    { verbose: 1 },
  );
});
