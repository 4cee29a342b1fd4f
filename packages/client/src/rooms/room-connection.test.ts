import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { live, turnOf } from "../../../../tests/stand-ins/start-client.ts";
import { joinRooms, startRooms } from "../../../../tests/stand-ins/start-rooms.ts";
import { until } from "../../../../tests/stand-ins/until.ts";

describe("the connection to rooms", () => {
  it("P4 whatever is said, taken back and cut, readers end up with the same text", async () => {
    const { hub, room } = await startRooms();
    await room.prompt("Hi", { messageId: "m0" });
    const channel = hub.room("lunch");
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.record({ say: fc.string({ minLength: 1, maxLength: 5 }) }) },
      fc.record({ keep: fc.nat({ max: 20 }) }),
      fc.constantFrom({ cut: true }, { expel: true }, { seal: true }),
    );
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
        const id = `bob/${(round += 1)}`;
        channel.prompt({ id, text: "q", author: "bob" });
        let text = "";
        let sealed = 0;
        for (const one of steps) {
          if ("say" in one) {
            channel.grow(id, one.say);
            text += one.say;
          } else if ("keep" in one) {
            const keep = Math.max(sealed, Math.min(one.keep, text.length));
            channel.reset(id, keep);
            text = text.slice(0, keep);
          } else if ("cut" in one) hub.cut();
          else if ("expel" in one) hub.expel();
          else {
            channel.seal(id);
            sealed = text.length;
          }
          if (round % 3 === 0) await until(() => (turnOf(room, id)?.text ?? "") === text);
        }
        await until(() => turnOf(room, id) !== undefined && turnOf(room, id)?.text === text);
        channel.end(id);
        await until(() => turnOf(room, id)?.state === "completed");
        expect(turnOf(room, id)?.text).toBe(text);
      }),
      { numRuns: 25 },
    );
  });

  it("is tried again after a network's failure, and asks then what was asked meanwhile", async () => {
    const { hub, client, room } = await startRooms();
    await live(room);
    hub.cut();
    await until(() => client.connection.phase !== "open");
    expect(room.view().phase).toBe("stale");
    await room.prompt("Hi", { messageId: "m1" });
    expect(client.connection).toMatchObject({ phase: "open", attempt: 0 });
    await until(() => turnOf(room, "m1")?.state === "running");
  });

  it("P12 comes back after refusals that may pass, and not after those that stay", async () => {
    const { hub, client, room } = await startRooms({ users: { a: "ann" } }, { token: "a" });
    hub.refusals.set("connect", "too_many_connections");
    await live(room);
    hub.refusals.set("connect", "not_allowed");
    hub.cut();
    await until(() => client.connection.phase === "closed");
    expect(client.connection).toMatchObject({
      code: "not_allowed",
      reason: "You are not allowed to do that here.",
    });
    client.reconnectNow();
    await live(room);
  });

  it("a token that is refused is asked for anew; the same again is given up", async () => {
    const given = ["old", "a", "a"];
    const token = () => Promise.resolve(given.shift() ?? "a");
    const { client, room } = await startRooms({ users: { a: "ann" } }, { token });
    await live(room);
    expect(given).toHaveLength(1);
    const stubborn = joinRooms((await startRooms({ users: { a: "ann" } })).hub.url, {
      token: () => Promise.resolve("old"),
    });
    stubborn.client.conversation("lunch");
    await until(() => stubborn.client.connection.phase === "closed");
    expect(stubborn.client.connection.code).toBe("token_invalid");
    expect(client.connection.phase).toBe("open");
  });

  it("is one room for one chat, left when the last holder lets go; a closed client asks nothing", async () => {
    const { hub, client, room } = await startRooms();
    expect(client.conversation("lunch")).toBe(room);
    await live(room);
    room.close();
    room.close();
    await until(() => hub.events.some(({ name }) => name === "leave_room"));
    const last = client.conversation("lunch");
    const asked = last.prompt("Hi");
    await client.close();
    await client.close();
    await expect(asked).rejects.toMatchObject({ code: "closed" });
    expect(() => client.conversation("other")).toThrow("This was closed here.");
  });
});
