import { expect, it } from "vitest";
import { closeAfterEach, live, startClient } from "../../../tests/stand-ins/start-client.ts";
import { startRooms } from "../../../tests/stand-ins/start-rooms.ts";
import type { WireFrame } from "./client.ts";

closeAfterEach();

const watching = () => {
  const seen: string[] = [];
  const onFrame = (frame: WireFrame): void => void seen.push(`${frame.direction} ${frame.text()}`);
  return { seen, onFrame };
};

it("what comes and goes can be watched, on channels; no token is in it", async () => {
  const { seen, onFrame } = watching();
  const { client } = await startClient({ tokens: ["secret"] }, { token: "secret", onFrame });
  const conversation = client.conversation("c");
  await live(conversation);
  expect(seen[0]).toMatch(/^out .*"action":"authenticate","token":"…"/);
  expect(seen.some((line) => line.startsWith('in {"channel":"subscription"'))).toBe(true);
  expect(seen.join()).not.toContain("secret");
});

it("and in rooms, with acknowledgements", async () => {
  const { seen, onFrame } = watching();
  const token = () => Promise.resolve("secret");
  const { room } = await startRooms({ users: { secret: "ann" } }, { token, onFrame });
  await live(room);
  await room.prompt("Hi");
  expect(seen).toContainEqual('out ["find_chat",{"chat_id":"lunch"}]');
  expect(seen).toContainEqual('out ["refresh_token",{"token":"…"}]');
  expect(seen.some((line) => line.startsWith('in ["ack of join_room",{"ok":true'))).toBe(true);
  expect(seen.some((line) => line.startsWith('in ["turn_queued room_lunch"'))).toBe(true);
  expect(seen.join()).not.toContain("secret");
});
