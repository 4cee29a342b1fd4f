import type { NewEntry } from "@colloquy/protocol";
import { expect, test } from "vitest";
import { prompt } from "./sample-entries.contract.ts";
import type { Store } from "./store.ts";

const member = (key: string, role: string): NewEntry => ({
  kind: "note",
  at: 1,
  about: "member",
  key,
  data: { role },
});

/** What every store must do with notes that have a key. */
export const storeNotesContract = (current: () => Store, reopen: () => Promise<Store>): void => {
  const append = (conversation: string, expected: number, ...entries: NewEntry[]): Promise<void> =>
    current().append({ conversation, term: 1, expected, entries });

  test("P11 notes are found in their conversation and by their key, over restarts too", async () => {
    await current().lead("chat:a", true);
    await current().lead("chat:b", true);
    const room: NewEntry = { kind: "note", at: 1, about: "room", key: "room_1", data: { model: "m" } };
    await append("chat:a", 1, room, member("ada", "owner"), { kind: "note", at: 1, about: "member" });
    await append("chat:b", 1, member("ada", "reader"), prompt("p1"), member("lone \ud800", "writer"));
    await append("chat:a", 4, member("bob", "writer"), member("ada", "reader"));
    const look = async (store: Store): Promise<void> => {
      expect(await store.readNotes("chat:a", "member")).toEqual([
        { ...member("ada", "owner"), n: 2 },
        { ...member("bob", "writer"), n: 4 },
        { ...member("ada", "reader"), n: 5 },
      ]);
      expect(await store.readNotes("chat:a", "room")).toEqual([{ ...room, n: 1 }]);
      expect(await store.readNotes("chat:none", "member")).toEqual([]);
      const found = await store.findNotes("member", "ada");
      expect(found.toSorted((x, y) => x.conversation.localeCompare(y.conversation))).toEqual([
        { conversation: "chat:a", note: { ...member("ada", "reader"), n: 5 } },
        { conversation: "chat:b", note: { ...member("ada", "reader"), n: 1 } },
      ]);
      expect(await store.findNotes("member", "lone \ud800")).toHaveLength(1);
      expect(await store.findNotes("room", "ada")).toEqual([]);
      expect(await store.findNotes("room", "room_1")).toMatchObject([{ conversation: "chat:a" }]);
    };
    await look(current());
    await look(await reopen());
  });

  test("P1 a refused append leaves no note", async () => {
    await current().lead("chat:a", true);
    await expect(append("chat:a", 2, member("ada", "owner"))).rejects.toMatchObject({ code: "stale_writer" });
    expect(await current().findNotes("member", "ada")).toEqual([]);
  });
};
