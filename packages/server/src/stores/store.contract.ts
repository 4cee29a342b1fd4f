import type { NewEntry } from "@colloquy/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Store } from "./store.ts";
import { answer, end, prompt } from "./sample-entries.contract.ts";
import { storeNotesContract } from "./store-notes.contract.ts";
import { storeListContract } from "./store-list.contract.ts";
import { storePropertyContract } from "./store-property.contract.ts";

/** A started store, and how to open what it leaves. */
export interface StoreUnderTest {
  readonly store: Store;
  /** Closes the store and starts another one on what it left. */
  reopen(): Promise<StoreUnderTest>;
  /** Closes it and takes away what it left. */
  remove(): Promise<void>;
}

/** What every store must do. */
export const storeContract = (name: string, create: () => Promise<StoreUnderTest>): void => {
  describe(`${name} as a store`, () => {
    let under: StoreUnderTest;
    let store: Store;
    const a = "channel:a";

    beforeEach(async () => {
      under = await create();
      ({ store } = under);
    });
    afterEach(() => under.remove());

    const append = (term: number, expected: number, ...entries: NewEntry[]): Promise<void> =>
      store.append({ conversation: a, term, expected, entries });
    /** Everything that can be seen of the conversation. */
    const seen = async (): Promise<unknown> => [
      await store.readAfter(a, 0, 100),
      await store.openTurns(),
      await store.list({ limit: 10 }),
      await Promise.all(["p1", "p2", "p3"].map((id) => store.findPrompt(a, id))),
    ];

    test("an unknown conversation has no head, and asking makes none", async () => {
      expect(await store.lead(a, false)).toBeUndefined();
      expect(await store.lead(a, false)).toBeUndefined();
      expect(await store.readNewest(a, 10)).toEqual([]);
      expect(await store.readTurn(a, 1)).toEqual([]);
      expect(await store.findPrompt(a, "p1")).toBeUndefined();
    });

    test("each lead raises the term and keeps the log, over restarts too", async () => {
      const first = await store.lead(a, true);
      expect(first).toEqual({ log: expect.stringMatching(/^[A-Za-z0-9_]{1,64}$/), term: 1, n: 0 });
      await append(1, 1, prompt("p1"));
      expect(await store.lead(a, true)).toEqual({ ...first, term: 2, n: 1 });
      under = await under.reopen();
      expect(await under.store.lead(a, false)).toEqual({ ...first, term: 3, n: 1 });
      const other = await under.store.lead("channel:b", true);
      expect(other?.log).not.toBe(first?.log);
    });

    test("P2 entries get their numbers in order and read back the same after a restart", async () => {
      await store.lead(a, true);
      await append(1, 1, prompt("p1"));
      await append(1, 2, answer(1), end(1));
      const entries = await store.readAfter(a, 0, 100);
      expect(entries).toEqual([
        { ...prompt("p1"), n: 1 },
        { ...answer(1), n: 2 },
        { ...end(1), n: 3 },
      ]);
      under = await under.reopen();
      expect(await under.store.readAfter(a, 0, 100)).toEqual(entries);
    });

    test("P2 a stale term or number is refused and changes nothing", async () => {
      await expect(append(1, 1, prompt("p1"))).rejects.toMatchObject({ code: "stale_writer" });
      await store.lead(a, true);
      await store.lead(a, true);
      await append(2, 1, prompt("p1"));
      const before = await seen();
      for (const [term, expected] of [
        [1, 2],
        [2, 1],
        [2, 3],
        [2, 0],
        [0, 2],
      ] as const) {
        await expect(append(term, expected, prompt("p2"), end(1))).rejects.toMatchObject({
          code: "stale_writer",
        });
      }
      expect(await seen()).toEqual(before);
      await append(2, 2, end(1));
    });

    test("P6 a taken prompt id is refused with all of its append", async () => {
      await store.lead(a, true);
      await append(1, 1, prompt("p1"));
      const before = await seen();
      const taken = { code: "prompt_id_taken" };
      await expect(append(1, 2, end(1), prompt("p2"), prompt("p1", "other"))).rejects.toMatchObject(taken);
      await expect(append(1, 2, end(1), prompt("p2"), prompt("p2"))).rejects.toMatchObject(taken);
      expect(await seen()).toEqual(before);
      await append(1, 2, prompt("p2"));
      expect(await Promise.all(["p1", "p2", "p3"].map((id) => store.findPrompt(a, id)))).toEqual([
        1,
        2,
        undefined,
      ]);
      await store.lead("channel:b", true);
      await store.append({ conversation: "channel:b", term: 1, expected: 1, entries: [prompt("p1")] });
      expect(await store.findPrompt("channel:b", "p1")).toBe(1);
    });

    test("P2 appends and reads that are made at once are carried out in the order of the calls", async () => {
      const names = Array.from({ length: 20 }, (_, index) => `channel:${index}`);
      const heads = names.map((conversation) => store.lead(conversation, true));
      const appends = [1, 2, 3, 4, 5].flatMap((n) =>
        names.map((conversation) =>
          store.append({
            conversation,
            term: 1,
            expected: n,
            entries: [prompt(`p${n}`, `${conversation} ${n}`)],
          }),
        ),
      );
      await Promise.all([...heads, ...appends]);
      const read = await Promise.all(names.map((conversation) => store.readAfter(conversation, 2, 2)));
      expect(read.map((entries) => entries.map((entry) => entry.kind === "prompt" && entry.text))).toEqual(
        names.map((conversation) => [`${conversation} 3`, `${conversation} 4`]),
      );
    });

    test("pages from both ends", async () => {
      await store.lead(a, true);
      const entries = Array.from({ length: 100 }, (_, index) => prompt(`p${index + 1}`));
      await append(1, 1, ...entries);
      const numbers = async (page: ReturnType<Store["readAfter"]>): Promise<number[]> =>
        (await page).map(({ n }) => n);
      expect(await numbers(store.readAfter(a, 0, 3))).toEqual([1, 2, 3]);
      expect(await numbers(store.readAfter(a, 98, 10))).toEqual([99, 100]);
      expect(await numbers(store.readAfter(a, 100, 10))).toEqual([]);
      expect(await numbers(store.readAfter(a, 0, 0))).toEqual([]);
      expect(await numbers(store.readNewest(a, 3))).toEqual([98, 99, 100]);
      expect(await numbers(store.readNewest(a, 3, 3))).toEqual([1, 2]);
      expect(await numbers(store.readNewest(a, 3, 1000))).toEqual([98, 99, 100]);
      expect(await numbers(store.readNewest(a, 3, 1))).toEqual([]);
      expect(await numbers(store.readNewest(a, Infinity, 5))).toEqual([1, 2, 3, 4]);
    });

    test("P5 a page of long entries is a short one, of at least one", async () => {
      await store.lead(a, true);
      const long = "x".repeat(10_000);
      await append(1, 1, ...Array.from({ length: 10 }, (_, index) => prompt(`p${index + 1}`, long)));
      const numbers = async (page: ReturnType<Store["readAfter"]>): Promise<number[]> =>
        (await page).map(({ n }) => n);
      expect(await numbers(store.readAfter(a, 2, 5, 25_000))).toEqual([3, 4, 5]);
      expect(await numbers(store.readAfter(a, 2, 2, 25_000))).toEqual([3, 4]);
      expect(await numbers(store.readAfter(a, 2, 5, 1))).toEqual([3]);
      expect(await numbers(store.readNewest(a, 5, 9, 25_000))).toEqual([6, 7, 8]);
      expect(await numbers(store.readNewest(a, 5, undefined, 1))).toEqual([10]);
      expect(await numbers(store.readAfter(a, 0, 100))).toHaveLength(10);
    });

    test("a turn is read whole, with its prompt and what followed its end", async () => {
      await store.lead(a, true);
      const late: NewEntry = { kind: "note", at: 9, about: "late-reply", turn: 1, data: { model: "m" } };
      const member: NewEntry = { kind: "note", at: 9, about: "member" };
      await append(1, 1, prompt("p1"), prompt("p2"), answer(1), answer(2), end(1), member, late, end(2));
      expect((await store.readTurn(a, 1)).map(({ n }) => n)).toEqual([1, 3, 5, 7]);
      expect((await store.readTurn(a, 2)).map(({ n }) => n)).toEqual([2, 4, 8]);
      expect(await store.readTurn(a, 3)).toEqual([]);
    });

    test("P3 a turn is open from its prompt to its end, over restarts too", async () => {
      await store.lead(a, true);
      await store.lead("channel:b", true);
      await append(1, 1, prompt("p1"), prompt("p2"), prompt("p3"), end(3));
      await store.append({ conversation: "channel:b", term: 1, expected: 1, entries: [prompt("p1")] });
      const open = [
        { conversation: a, turn: 1 },
        { conversation: a, turn: 2 },
        { conversation: "channel:b", turn: 1 },
      ];
      expect(await store.openTurns()).toEqual(open);
      await append(1, 5, answer(1), end(1));
      under = await under.reopen();
      expect(await under.store.openTurns()).toEqual(open.slice(1));
    });

    test("whatever a text, an id or a name is made of, it breaks nothing", async () => {
      const names = [
        `seq:it's "${"x".repeat(256)}`,
        "chat:\u0000 nul",
        "channel:😀 ünï",
        "channel:lone \ud800 \udc00",
      ];
      const text = `\ud800 lone \udc00, nul \u0000, line\nbreak, \u2028, 😀, "quoted" \\ ${"long ".repeat(300_000)}`;
      const data: Record<string, unknown> = JSON.parse(
        '{"__proto__":{"polluted":true},"constructor":1,"toString":2}',
      );
      const entries: NewEntry[] = [prompt("\ud800", text), { kind: "note", at: 1, about: "member", data }];
      for (const conversation of names) {
        await store.lead(conversation, true);
        await store.append({ conversation, term: 1, expected: 1, entries });
        const [first, second] = await store.readNewest(conversation, 2);
        const back = first?.kind === "prompt" ? first.text : "";
        expect(back.toWellFormed() === text.toWellFormed()).toBe(true);
        expect(second?.kind === "note" && JSON.stringify(second.data)).toBe(JSON.stringify(data));
        expect(await store.findPrompt(conversation, "\ud800")).toBe(1);
      }
      const wellFormed = names.map((conversation) => conversation.toWellFormed());
      expect((await store.openTurns()).map(({ conversation }) => conversation)).toEqual(wellFormed);
      expect(new Set((await store.list({ limit: 10 })).map(({ id }) => id))).toEqual(new Set(wellFormed));
    });

    test("P12 before the start and after the end everything is refused with store_unavailable", async () => {
      await store.lead(a, true);
      await Promise.all([store.close(), store.close()]);
      await store.close();
      const refused = { code: "store_unavailable" };
      await expect(store.lead(a, true)).rejects.toMatchObject(refused);
      await expect(append(1, 1, prompt("p1"))).rejects.toMatchObject(refused);
      await expect(store.readAfter(a, 0, 1)).rejects.toMatchObject(refused);
      await expect(store.readNewest(a, 1)).rejects.toMatchObject(refused);
      await expect(store.readTurn(a, 1)).rejects.toMatchObject(refused);
      await expect(store.findPrompt(a, "p1")).rejects.toMatchObject(refused);
      await expect(store.openTurns()).rejects.toMatchObject(refused);
      await expect(store.list({ limit: 1 })).rejects.toMatchObject(refused);
    });

    test("P1 a close waits for what is under way", async () => {
      const under_way = [store.lead(a, true), append(1, 1, prompt("p1")), append(1, 2, end(1))];
      await store.close();
      await Promise.all(under_way);
      under = await under.reopen();
      expect(await under.store.readAfter(a, 0, 10)).toHaveLength(2);
    });

    storeNotesContract(
      () => store,
      async () => (under = await under.reopen()).store,
    );
    storeListContract(() => store);
    storePropertyContract(() => store);
  });
};
