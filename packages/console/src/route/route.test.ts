import * as fc from "fast-check";
import { expect, test } from "vitest";
import { newChannelId } from "./channel-id.ts";
import { channelOf, hashOf } from "./route.ts";

test("any channel name survives the way through the address bar", () => {
  const names = fc.string({ unit: "grapheme", minLength: 1, maxLength: 100 });
  fc.assert(
    fc.property(names, (channel) => {
      const { hash } = new URL(hashOf(channel), "http://localhost/");
      expect(channelOf(hash)).toBe(channel);
    }),
  );
});

test.each(["", "#", "#/c/", "#/x/a", "#/c/a/b", "#/c/%E0%A4%A", `#/c/${"a".repeat(257)}`])(
  "%j names no channel",
  (hash) => {
    expect(channelOf(hash)).toBeUndefined();
  },
);

test("new channel ids differ and hold nothing that means something on the wire", () => {
  const ids = Array.from({ length: 200 }, () => newChannelId());
  expect(new Set(ids).size).toBe(200);
  for (const id of ids) expect(id).toMatch(/^[0-9a-z]{24}$/);
});
