import { describe, expect, test } from "vitest";
import { prompt } from "./sample-entries.contract.ts";
import type { ListOptions, Store } from "./store.ts";

/** What every store's list of conversations must do. */
export const storeListContract = (current: () => Store): void => {
  describe("list", () => {
    const talk = async (id: string, text: string, at: number): Promise<void> => {
      const head = await current().lead(id, true);
      if (!head) throw new Error("no head");
      const entries = [prompt(`p${head.n}`, text, at)];
      await current().append({ conversation: id, term: head.term, expected: head.n + 1, entries });
    };
    const ids = async (options: Partial<ListOptions> = {}): Promise<string[]> =>
      (await current().list({ limit: 10, ...options })).map(({ id }) => id);

    test("shows the newest change first, with title, moment and number of entries", async () => {
      await current().lead("channel:empty", true);
      await talk("channel:a", " \n  ", 10);
      await talk("channel:a", `\n  What   is\ta cursor? ${"x".repeat(100)}`, 20);
      await talk("channel:b", "Hello", 15);
      await talk("channel:a", "And then?", 30);
      const title = `What is a cursor? ${"x".repeat(62)}`;
      expect(await current().list({ limit: 10 })).toEqual([
        { id: "channel:a", title, updatedAt: 30, entries: 3 },
        { id: "channel:b", title: "Hello", updatedAt: 15, entries: 1 },
      ]);
      expect(await ids({ limit: 1 })).toEqual(["channel:a"]);
      expect(await ids({ limit: 0 })).toEqual([]);
    });

    test("goes on without a gap where many changed in the same millisecond", async () => {
      for (const [id, at] of [
        ...["d", "b", "a", "c"].map((name) => [name, 5] as const),
        ["new", 6],
        ["old", 4],
      ] as const) {
        await talk(id, "x", at);
      }
      expect(await ids()).toEqual(["new", "a", "b", "c", "d", "old"]);
      expect(await ids({ before: 5 })).toEqual(["old"]);
      expect(await ids({ before: 5, beforeId: "b" })).toEqual(["c", "d", "old"]);
      expect(await ids({ before: 6, beforeId: "new", limit: 2 })).toEqual(["a", "b"]);
    });

    test("finds by its id what has no title yet", async () => {
      await current().lead("channel:quiet", true);
      const member = { kind: "note", at: 1, about: "member" } as const;
      await current().append({ conversation: "channel:quiet", term: 1, expected: 1, entries: [member] });
      await talk("channel:blank", " ", 2);
      expect(await current().list({ limit: 10, query: "L:Q" })).toEqual([
        { id: "channel:quiet", title: "", updatedAt: 1, entries: 1 },
      ]);
      expect(await ids({ query: "blank" })).toEqual(["channel:blank"]);
    });

    test("finds titles and ids, whatever the case, and takes a query as it is", async () => {
      await talk("channel:Straße", "Über 100% sure_thing", 1);
      await talk("chat:other", "Nothing", 2);
      expect(await ids({ query: "über" })).toEqual(["channel:Straße"]);
      expect(await ids({ query: "STRAßE" })).toEqual(["channel:Straße"]);
      expect(await ids({ query: "100%" })).toEqual(["channel:Straße"]);
      expect(await ids({ query: "e_t" })).toEqual(["channel:Straße"]);
      expect(await ids({ query: "e%t" })).toEqual([]);
      expect(await ids({ query: "\ud800" })).toEqual([]);
      expect(await ids({ query: "" })).toEqual(["chat:other", "channel:Straße"]);
      expect(await ids({ query: "th", before: 2 })).toEqual(["channel:Straße"]);
    });
  });
};
