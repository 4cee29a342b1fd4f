import { describe, expect, it } from "vitest";
import { live, turnOf } from "../../../../tests/stand-ins/start-client.ts";
import { startRooms } from "../../../../tests/stand-ins/start-rooms.ts";
import { until } from "../../../../tests/stand-ins/until.ts";

describe("the history of a room", () => {
  it("loads history: answers stand with their prompts, in order", async () => {
    const { hub, client } = await startRooms();
    const channel = hub.room("dinner");
    for (const user of ["ann", "bob"]) channel.prompt({ id: `${user}/17`, text: `q-${user}`, author: user });
    channel.grow("ann/17", "a-ann");
    channel.seal("ann/17");
    channel.grow("ann/17", " and more");
    channel.end("ann/17");
    channel.grow("bob/17", "a-bob");
    const room = client.conversation("dinner");
    await live(room);
    await until(() => turnOf(room, "bob/17")?.text === "a-bob");
    expect(room.view().turns).toMatchObject([
      { messageId: "ann/17", author: "ann", prompt: "q-ann", text: "a-ann and more", state: "completed" },
      { messageId: "bob/17", author: "bob", prompt: "q-bob", text: "a-bob", state: "running" },
    ]);
  });

  it("older turns come page by page, and what is there stays the same", async () => {
    const { hub, client } = await startRooms();
    const channel = hub.room("dinner");
    for (let i = 1; i <= 6; i += 1) {
      channel.prompt({ id: `ann/${i}`, text: `q${i}`, author: "ann" });
      channel.grow(`ann/${i}`, `a${i}`);
      channel.end(`ann/${i}`);
    }
    channel.prompt({ id: "ann/7", text: "q7", author: "ann" });
    channel.grow("ann/7", "so far");
    const room = client.conversation("dinner", { history: 4 });
    await live(room);
    await until(() => turnOf(room, "ann/7")?.text === "so far");
    const [, before] = room.view().turns;
    expect(room.view().more).toBe(true);
    expect(await room.older(6)).toBe(true);
    expect(room.view().turns.length).toBeLessThan(7);
    expect(room.view().turns.find(({ messageId }) => messageId === before?.messageId)).toMatchObject(
      before ?? {},
    );
    while (await room.older(6)) expect(room.view().more).toBe(true);
    expect(room.view().turns.map(({ prompt, text }) => [prompt, text])).toStrictEqual([
      ...[1, 2, 3, 4, 5, 6].map((i) => [`q${i}`, `a${i}`]),
      ["q7", "so far"],
    ]);
    channel.grow("ann/7", ", and on");
    await until(() => turnOf(room, "ann/7")?.text === "so far, and on");
    expect(await room.older()).toBe(false);
  });
});
