import { expect, test } from "vitest";
import type { Entry, PromptEntry, PromptFile } from "@colloquy/protocol";
import { defaultTurnLimits } from "@colloquy/protocol";
import type { Exchange, Model, ModelMessage } from "../models/model.ts";
import type { Assistant } from "./assistant.ts";
import { estimateTokens, messageTokens } from "./estimate-tokens.ts";
import { readExchanges } from "./read-exchanges.ts";
import { assertFits, gatherContext } from "./request.ts";

const assistant = (contextTokens: number, more: Partial<Model> = {}): Assistant => ({
  id: "default",
  model: { id: "test:none", contextTokens, stream: () => (async function* () {})(), ...more },
  policy: "queue",
  limits: defaultTurnLimits,
});

const prompt = (n: number, text: string, files?: readonly PromptFile[]): PromptEntry => ({
  kind: "prompt",
  n,
  id: `p${n}`,
  author: "ada",
  text,
  assistant: "default",
  at: 0,
  ...(files && { files }),
});

/** A log of exchanges, read back three entries at a time. */
const log = (entries: readonly Entry[]) =>
  readExchanges(entries.at(-1)?.n ?? 0, async (before) =>
    entries.filter((entry) => entry.n < (before ?? Infinity)).slice(-3),
  );

async function* given(...exchanges: Exchange[]): AsyncIterable<Exchange> {
  yield* exchanges;
}

const build = async (
  asked: PromptEntry,
  who: Assistant,
  exchanges: AsyncIterable<Exchange>,
  own: readonly ModelMessage[] = [],
  beside = 0,
): Promise<readonly ModelMessage[]> =>
  (await gatherContext(asked, who, exchanges, beside)).messages(own, beside);

const exchange = (n: number, question: string, answer: string): Entry[] => [
  prompt(n, question),
  { kind: "note", about: "attempt", attempt: 1, turn: n, n: n + 1, at: 0 },
  { kind: "reasoning", turn: n, part: `${n}.1.0`, text: "hm", n: n + 2, at: 0 },
  { kind: "answer", turn: n, part: `${n}.1.1`, offset: 0, text: answer, n: n + 3, at: 0 },
  { kind: "turn-end", turn: n, end: "completed", n: n + 4, at: 0 },
];

const texts = (messages: readonly ModelMessage[]): string[] => messages.map(({ text }) => text);

test("a model is given whole exchanges, oldest first, then the prompt; no notes, no reasoning", async () => {
  const entries = [...exchange(1, "q1", "a1"), ...exchange(6, "q2", "a2"), prompt(11, "q3")];
  expect(await build(prompt(11, "q3"), assistant(10_000), log(entries))).toEqual([
    { role: "user", text: "q1" },
    { role: "assistant", text: "a1" },
    { role: "user", text: "q2" },
    { role: "assistant", text: "a2" },
    { role: "user", text: "q3" },
  ]);
});

test("only the newest exchanges that fit go along, never half of one", async () => {
  const long = "x".repeat(400);
  const entries = [...exchange(1, "old", long), ...exchange(6, "new", "short"), prompt(11, "q")];
  const room = Math.ceil((estimateTokens("q") + estimateTokens("new") + estimateTokens("short") + 20) / 0.75);
  expect(texts(await build(prompt(11, "q"), assistant(room), log(entries)))).toEqual(["new", "short", "q"]);
});

test("turns that ended without a word, or have not ended, are no exchanges", async () => {
  const entries: Entry[] = [
    prompt(1, "failed"),
    { kind: "turn-end", turn: 1, end: "failed", code: "internal", n: 2, at: 0 },
    prompt(3, "still running"),
    { kind: "answer", turn: 3, part: "3.1.0", offset: 0, text: "so far", n: 4, at: 0 },
    prompt(5, "q"),
  ];
  expect(await build(prompt(5, "q"), assistant(1_000), log(entries))).toEqual([{ role: "user", text: "q" }]);
});

test("P12 what does not fit even without history is refused: context_too_long", async () => {
  const alone = build(prompt(1, "word ".repeat(100)), assistant(100), log([]));
  await expect(alone).rejects.toMatchObject({ code: "context_too_long" });
  await expect(build(prompt(1, "q"), assistant(40), log([]), [], 50)).rejects.toMatchObject({
    code: "context_too_long",
  });
  const wordy = { ...assistant(40), instructions: "i".repeat(200) };
  expect(() => assertFits("q", wordy)).toThrow(expect.objectContaining({ code: "context_too_long" }));
});

test("an assistant may be given a number of exchanges at most", async () => {
  const entries = [...exchange(1, "q1", "a1"), ...exchange(6, "q2", "a2"), prompt(11, "q3")];
  const limited = (contextExchanges: number): Assistant => ({ ...assistant(10_000), contextExchanges });
  expect(texts(await build(prompt(11, "q3"), limited(1), log(entries)))).toEqual(["q2", "a2", "q3"]);
  expect(texts(await build(prompt(11, "q3"), limited(0), log(entries)))).toEqual(["q3"]);
});

const steps: readonly ModelMessage[] = [
  { role: "assistant", text: "Let me see. ", calls: [{ callId: "call_1_1", name: "time", arguments: "{}" }] },
  { role: "tool", callId: "call_1_1", name: "time", text: "noon ".repeat(20) },
  { role: "assistant", text: "It is noon." },
];
const acted: Exchange = { prompt: "time?", answer: "Let me see. It is noon.", steps };

test("P10 an exchange with calls is given whole, or only in its words where that is all that fits or can be read", async () => {
  const calls = { callsTools: true };
  const whole = await build(prompt(9, "q"), assistant(1_000, calls), given(acted));
  expect(whole).toEqual([{ role: "user", text: "time?" }, ...steps, { role: "user", text: "q" }]);
  const words = ["time?", "Let me see. It is noon.", "q"];
  expect(texts(await build(prompt(9, "q"), assistant(60, calls), given(acted)))).toEqual(words);
  expect(texts(await build(prompt(9, "q"), assistant(1_000), given(acted)))).toEqual(words);
  const wordless = { ...acted, answer: "" };
  expect(texts(await build(prompt(9, "q"), assistant(1_000), given(wordless, acted)))).toEqual(words);
});

test("what a turn does makes older exchanges give way", async () => {
  const context = await gatherContext(
    prompt(9, "q"),
    assistant(100),
    given({ prompt: "new", answer: "n" }, { prompt: "old", answer: "o" }),
    0,
  );
  expect(texts(context.messages([], 0))).toEqual(["old", "o", "new", "n", "q"]);
  const own: ModelMessage = { role: "assistant", text: "x".repeat(4 * 50) };
  expect(texts(context.messages([own], 0)).slice(0, -1)).toEqual(["new", "n", "q"]);
});

test("results that are too long for the model are cut, the oldest first, before a turn fails for them", async () => {
  const step = (k: number): readonly ModelMessage[] => [
    { role: "assistant", text: "", calls: [{ callId: `call_9_${k}`, name: "page", arguments: "{}" }] },
    { role: "tool", callId: `call_9_${k}`, name: "page", text: "x".repeat(60_000) },
  ];
  const context = await gatherContext(prompt(9, "q"), assistant(32_768), given(acted), 0);
  const lengths = (count: number, beside = 0): number[] => {
    const own = Array.from({ length: count }, (_, i) => step(i + 1)).flat();
    const told = context.messages(own, beside);
    expect(told.reduce((sum, message) => sum + messageTokens(message), beside)).toBeLessThanOrEqual(24_576);
    return told.flatMap(({ role, text }) => (role === "tool" ? [text.indexOf("\n[Cut here")] : []));
  };
  expect(lengths(1)).toEqual([-1]);
  expect(lengths(3)).toEqual([4_000, 4_000, -1]);
  expect(lengths(12)).toEqual([...Array.from({ length: 11 }, () => 1_000), -1]);
  expect(lengths(2, 20_000)).toEqual([1_000, 16_000]);
  expect(() => lengths(2, 24_300)).toThrow(expect.objectContaining({ code: "context_too_long" }));
});

test("files go along where the model takes them and they fit; of others it learns that they are there", async () => {
  const picture: PromptFile = { name: "a.png", type: "image/png", data: "AAAA" };
  const table: PromptFile = { name: "b.xls", type: "application/x-xls", data: "AAAA" };
  const seeing = { files: ["image/*"] };
  const [asked] = await build(prompt(1, "see", [picture, table]), assistant(10_000, seeing), given());
  expect(asked).toEqual({
    role: "user",
    text: "see\n\n[Attached: b.xls (application/x-xls). You cannot read it.]",
    files: [picture],
  });
  const earlier: Exchange = { prompt: "look", answer: "nice", files: [picture] };
  const withRoom = await build(prompt(9, "q"), assistant(10_000, seeing), given(earlier));
  expect(withRoom[0]).toEqual({ role: "user", text: "look", files: [picture] });
  const without = await build(prompt(9, "q"), assistant(1_000, seeing), given(earlier));
  expect(without[0]).toEqual({ role: "user", text: "look" });
});
