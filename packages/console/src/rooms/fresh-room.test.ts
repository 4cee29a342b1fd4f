import { expect, test } from "vitest";
import { memoryKeep } from "../parts/memory-keep.ts";
import { freshRoom, isFreshRoom, roomMade } from "./fresh-room.ts";

test("a new room is the same one until it was made", () => {
  const keep = memoryKeep();
  const first = freshRoom(keep);
  expect(freshRoom(keep)).toBe(first);
  expect(isFreshRoom(first, keep)).toBe(true);
  roomMade("another", keep);
  expect(isFreshRoom(first, keep)).toBe(true);
  roomMade(first, keep);
  expect(isFreshRoom(first, keep)).toBe(false);
  expect(freshRoom(keep)).not.toBe(first);
});
