import { expect, test } from "vitest";
import { live, turnOf } from "../../../../tests/stand-ins/start-client.ts";
import { startRooms } from "../../../../tests/stand-ins/start-rooms.ts";
import { until } from "../../../../tests/stand-ins/until.ts";

const wish = { source: "aisuite", model: "demo:guide", late: true };

test("a late room is made with the first prompt, of the model that was chosen last, and not before", async () => {
  const { hub, client } = await startRooms();
  const room = client.conversation("dinner", wish);
  await live(room);
  expect(room.room()).toMatchObject({ model: "demo:guide", role: "owner" });
  await room.use("aisuite", "demo:other");
  expect(room.room()).toMatchObject({ model: "demo:other" });
  hub.cut();
  await until(() => room.view().phase === "stale");
  await live(room);
  const made = () => hub.events.filter(({ payload }) => payload["chat_id"] === "dinner");
  expect(made().map(({ name }) => name)).toEqual(["find_chat", "find_chat"]);
  await room.prompt("Hi", { messageId: "m1" });
  expect(made().at(-1)).toMatchObject({ name: "create_room", payload: { model_id: "demo:other" } });
  hub.room("dinner").grow("anonymous/m1", "Hello");
  await until(() => turnOf(room, "m1")?.text === "Hello");
  expect(room.room()).toMatchObject({ roomId: hub.roomId("dinner"), model: "demo:other" });
});

test("a late room that is asked of while the line is down, or that somebody else has made, is joined", async () => {
  const { hub, client } = await startRooms();
  const room = client.conversation("dinner", wish);
  await live(room);
  hub.cut();
  await until(() => room.view().phase === "stale");
  await room.prompt("Hi", { messageId: "m1" });
  expect(hub.room("dinner").entries).toMatchObject([{ kind: "prompt", text: "Hi" }]);
  const other = client.conversation("supper", wish);
  await live(other);
  hub.room("supper").prompt({ id: "bob/1", text: "Who comes?", author: "bob" });
  await other.invite("cara", "reader");
  await until(() => turnOf(other, "bob/1")?.prompt === "Who comes?");
});

test("a file of somebody else's message is fetched when it is asked for", async () => {
  const { hub, room } = await startRooms();
  await live(room);
  const { entries } = hub.room("lunch");
  hub.room("lunch").prompt({ id: "bob/1", text: "See", author: "bob" });
  const files = [{ name: "a.txt", type: "error", data: "aGk=" }];
  Object.assign(entries[0] ?? {}, { files });
  await until(() => turnOf(room, "bob/1") !== undefined);
  expect(await room.file("bob/1", 0)).toStrictEqual(files[0]);
  await expect(room.file("bob/1", 1)).rejects.toMatchObject({ code: "not_found" });
});
