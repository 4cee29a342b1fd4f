import { expect, test } from "vitest";
import { systemClock } from "../../kernel/clock.ts";
import { createChannelsVoice, usesPart2, type Manner } from "./channels-voice.ts";

const manner: Manner = { channel: "a", part2: false, mode: "snapshot", old: false };
const relayed = (change: Partial<Manner>, form: "payload" | "prompt", json: string): string =>
  createChannelsVoice({ ...manner, ...change }, systemClock)
    .relay(json, "cursor", form)
    .subarray(2)
    .toString();

test("voices that say the same have the same key, and no others", () => {
  const manners: Manner[] = [
    manner,
    { ...manner, channel: "channel:a" },
    { ...manner, part2: true },
    { ...manner, part2: true, mode: "delta" },
    { ...manner, old: true },
  ];
  const keys = manners.map((one) => createChannelsVoice(one, systemClock).key);
  expect(new Set(keys).size).toBe(manners.length);
  expect(manners.map((one) => createChannelsVoice(one, systemClock).key)).toEqual(keys);
});

test("a relayed prompt has its members beside channel, a relayed payload stands in payload", () => {
  const prompt = '{"message":"Hi","message_id":"m1"}';
  expect(relayed({}, "payload", '{"x":1}')).toBe('{"channel":"a","payload":{"x":1}}');
  expect(relayed({}, "prompt", prompt)).toBe('{"channel":"a","message":"Hi","message_id":"m1"}');
  expect(relayed({ old: true }, "prompt", prompt)).toBe(
    '{"channel":"a","type":"a","message":"Hi","message_id":"m1"}',
  );
  expect(relayed({ part2: true }, "prompt", prompt)).toBe(
    '{"channel":"a","message":"Hi","message_id":"m1","cursor":"cursor"}',
  );
});

test("whoever uses id, cursor, mode or history is a part 2 subscriber, also with empty values", () => {
  expect(usesPart2({})).toBe(false);
  for (const options of [{ id: "" }, { cursor: "" }, { mode: "snapshot" }, { history: 0 }]) {
    expect(usesPart2(options)).toBe(true);
  }
});
