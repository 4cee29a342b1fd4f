import * as fc from "fast-check";
import { expect, test } from "vitest";
import { newChannelId } from "./channel-id.ts";
import { channelOf, channelOfChat, chatOf, hashOf } from "./route.ts";

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

test("a room has an address of its own", () => {
  expect(hashOf("chat:a/b")).toBe("#/r/a%2Fb");
  expect(channelOf("#/r/a%2Fb")).toBe("chat:a/b");
  expect(chatOf(channelOfChat("lunch"))).toBe("lunch");
  expect(chatOf("chat:")).toBeUndefined();
  expect(chatOf("lobby")).toBeUndefined();
});
