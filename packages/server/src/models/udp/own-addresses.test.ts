import { expect, test } from "vitest";
import { manualClock } from "../../../../../tests/stand-ins/manual-clock.ts";
import { createOwnAddresses } from "./own-addresses.ts";

test("loopback and the interfaces' addresses are ours; strangers do not make us ask the system again and again", () => {
  const clock = manualClock();
  let asked = 0;
  let here = ["192.0.2.2"];
  const isOwn = createOwnAddresses(clock, () => {
    asked += 1;
    return here;
  });
  expect([isOwn("127.0.0.1"), isOwn("127.255.255.254"), asked]).toEqual([true, true, 0]);
  expect([isOwn("192.0.2.2"), isOwn("192.0.2.3")]).toEqual([true, false]);
  for (let i = 0; i < 1_000; i += 1) expect(isOwn(`203.0.113.${i % 256}`)).toBe(false);
  expect(asked).toBe(1);
  here = ["192.0.2.3"];
  clock.advance(5_000);
  expect([isOwn("192.0.2.3"), isOwn("192.0.2.2"), asked]).toEqual([true, false, 2]);
});
