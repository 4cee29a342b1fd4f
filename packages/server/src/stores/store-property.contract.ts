import type { Entry, NewEntry } from "@colloquy/protocol";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { answer, end, prompt } from "./sample-entries.contract.ts";
import type { LogHead, Store } from "./store.ts";

type Step =
  | { readonly do: "lead"; readonly log: number }
  /** `behind` terms ago this writer led, and it is `off` by so much in its number. */
  | {
      readonly do: "append";
      readonly log: number;
      readonly behind: number;
      readonly off: number;
      readonly what: Piece[];
    }
  | { readonly do: "read"; readonly log: number; readonly n: number; readonly limit: number };

type Piece = { readonly kind: "prompt" | "answer" | "end" | "note"; readonly x: number; readonly at: number };

const log = fc.nat({ max: 2 });
const piece = fc.record({
  kind: fc.constantFrom("prompt", "prompt", "answer", "end", "note"),
  x: fc.nat({ max: 30 }),
  at: fc.nat({ max: 5 }),
});
const mostly0 = (other: fc.Arbitrary<number>): fc.Arbitrary<number> =>
  fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: other });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ do: fc.constant("lead"), log }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("append"),
      log,
      behind: mostly0(fc.constantFrom(1, -1)),
      off: mostly0(fc.integer({ min: -2, max: 2 })),
      what: fc.array(piece, { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("read"),
      log,
      n: fc.nat({ max: 30 }),
      limit: fc.nat({ max: 10 }),
    }),
  },
);

/** What a store must hold, by definition: nothing but the entries; everything else is looked for in them. */
interface Model {
  head: LogHead;
  readonly entries: Entry[];
}

const open = ({ entries }: Model): number[] =>
  entries
    .filter(
      (entry) => entry.kind === "prompt" && !entries.some((e) => e.kind === "turn-end" && e.turn === entry.n),
    )
    .map(({ n }) => n);
const promptOf = (model: Model, id: string): number | undefined =>
  model.entries.find((entry) => entry.kind === "prompt" && entry.id === id)?.n;
const ofTurn = ({ entries }: Model, turn: number): Entry[] =>
  entries.filter((entry) => (entry.kind === "prompt" ? entry.n : entry.turn) === turn);

const made = ({ kind, x, at }: Piece, model: Model): NewEntry => {
  const turns = model.entries.filter((entry) => entry.kind === "prompt").map(({ n }) => n);
  const turn = turns[x % turns.length];
  if (kind === "prompt" || turn === undefined) return prompt(`p${x}`, `text ${x}`, at);
  if (kind === "answer") return answer(turn, `answer ${x}`, at);
  return kind === "end"
    ? end(turn, at)
    : { kind: "note", at, about: "attempt", ...(x % 2 === 0 ? { turn } : {}) };
};

const refusal = (
  model: Model,
  term: number,
  expected: number,
  entries: readonly NewEntry[],
): string | undefined => {
  if (term < model.head.term || expected !== model.entries.length + 1) return "stale_writer";
  const ids = entries.flatMap((entry) => (entry.kind === "prompt" ? [entry.id] : []));
  const taken = new Set(ids).size < ids.length || ids.some((id) => promptOf(model, id) !== undefined);
  return taken ? "prompt_id_taken" : undefined;
};

const outcome = async (append: Promise<void>): Promise<unknown> => {
  try {
    await append;
    return undefined;
  } catch (error) {
    return error instanceof Error && "code" in error ? error.code : error;
  }
};

/** Does a step to the store and to its model, and compares what they say. */
const take = async (
  store: Store,
  models: Map<string, Model>,
  conversation: string,
  does: Step,
): Promise<void> => {
  const model = models.get(conversation);
  if (!model || does.do === "lead") {
    const head = await store.lead(conversation, true);
    if (!head) throw new Error("no head");
    const entries = model?.entries ?? [];
    expect(head).toEqual({
      log: model?.head.log ?? head.log,
      term: (model?.head.term ?? 0) + 1,
      n: entries.length,
    });
    models.set(conversation, { head, entries });
  } else if (does.do === "append") {
    const term = model.head.term - does.behind;
    const expected = model.entries.length + 1 + does.off;
    const entries = does.what.map((what) => made(what, model));
    const refused = refusal(model, term, expected, entries);
    expect(await outcome(store.append({ conversation, term, expected, entries }))).toBe(refused);
    if (refused !== undefined) return;
    model.entries.push(...entries.map((entry, index): Entry => ({ ...entry, n: expected + index })));
  } else {
    const { n, limit } = does;
    const newest = model.entries
      .filter((entry) => entry.n < n)
      .toReversed()
      .slice(0, limit)
      .toReversed();
    expect(await store.readAfter(conversation, n, limit)).toEqual(model.entries.slice(n).slice(0, limit));
    expect(await store.readNewest(conversation, limit, n)).toEqual(newest);
    expect(await store.readTurn(conversation, n)).toEqual(ofTurn(model, n));
    expect(await store.findPrompt(conversation, `p${n}`)).toBe(promptOf(model, `p${n}`));
  }
};

/** Compares all that can be read of conversations whose ids contain `query`. */
const compare = async (store: Store, models: Map<string, Model>, query: string): Promise<void> => {
  const opened = await store.openTurns();
  for (const [conversation, model] of models) {
    expect(await store.readAfter(conversation, 0, 1000)).toEqual(model.entries);
    const turns = opened.filter((turn) => turn.conversation === conversation).map(({ turn }) => turn);
    expect(turns).toEqual(open(model));
  }
  const expected = [...models]
    .filter(([, { entries }]) => entries.length > 0)
    .map(([id, { entries }]) => ({ id, entries: entries.length, updatedAt: entries.at(-1)?.at ?? -1 }))
    .toSorted((a, b) => b.updatedAt - a.updatedAt || (a.id < b.id ? -1 : 1));
  const listed = await store.list({ limit: 10, query });
  expect(listed.map(({ id, entries, updatedAt }) => ({ id, entries, updatedAt }))).toEqual(expected);
};

/** Anything that writers may do, in any order, beside a model that looks everything up in its entries. */
export const storePropertyContract = (current: () => Store): void => {
  test("P2 P3 P6 whatever writers do, stale ones among them, what is read is what was acknowledged", async () => {
    expect.hasAssertions();
    let run = 0;
    const property = fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      run += 1;
      const models = new Map<string, Model>();
      for (const does of steps) await take(current(), models, `run-${run}:${does.log}`, does);
      await compare(current(), models, `run-${run}:`);
    });
    // A failure prints its seed and path; hand them to `fc.assert` to see it again.
    await fc.assert(property, { numRuns: 60 });
  });
};
