import { expect, test } from "vitest";
import type { Entry, PromptEntry } from "@colloquy/protocol";
import { defaultTurnLimits } from "@colloquy/protocol";
import type { Assistant } from "./assistant.ts";
import { readExchanges } from "./read-exchanges.ts";
import { buildMessages, estimateTokens } from "./request.ts";

const assistant = (contextTokens: number, instructions?: string): Assistant => ({
  id: "default",
  model: { id: "test:none", contextTokens, stream: () => (async function* () {})() },
  policy: "queue",
  limits: defaultTurnLimits,
  ...(instructions !== undefined && { instructions }),
});

const prompt = (n: number, text: string): PromptEntry => ({
  kind: "prompt",
  n,
  id: `p${n}`,
  author: "ada",
  text,
  assistant: "default",
  at: 0,
});

/** A log of exchanges, read back three entries at a time. */
const log = (entries: readonly Entry[]) =>
  readExchanges(entries.at(-1)?.n ?? 0, async (before) =>
    entries.filter((entry) => entry.n < (before ?? Infinity)).slice(-3),
  );

const exchange = (n: number, question: string, answer: string): Entry[] => [
  prompt(n, question),
  { kind: "note", about: "attempt", attempt: 1, turn: n, n: n + 1, at: 0 },
  { kind: "reasoning", turn: n, part: `${n}.1.0`, text: "hm", n: n + 2, at: 0 },
  { kind: "answer", turn: n, part: `${n}.1.1`, offset: 0, text: answer, n: n + 3, at: 0 },
  { kind: "turn-end", turn: n, end: "completed", n: n + 4, at: 0 },
];

test("a model is given whole exchanges, oldest first, then the prompt; no notes, no reasoning", async () => {
  const entries = [...exchange(1, "q1", "a1"), ...exchange(6, "q2", "a2"), prompt(11, "q3")];
  const messages = await buildMessages(prompt(11, "q3"), assistant(10_000), log(entries));
  expect(messages).toEqual([
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
  const messages = await buildMessages(prompt(11, "q"), assistant(room), log(entries));
  expect(messages.map((message) => message.text)).toEqual(["new", "short", "q"]);
});

test("turns that ended without a word, or have not ended, are no exchanges", async () => {
  const entries: Entry[] = [
    prompt(1, "failed"),
    { kind: "turn-end", turn: 1, end: "failed", code: "internal", n: 2, at: 0 },
    prompt(3, "still running"),
    { kind: "answer", turn: 3, part: "3.1.0", offset: 0, text: "so far", n: 4, at: 0 },
    prompt(5, "q"),
  ];
  expect(await buildMessages(prompt(5, "q"), assistant(1_000), log(entries))).toEqual([
    { role: "user", text: "q" },
  ]);
});

test("P12 a prompt that alone does not fit is refused: context_too_long", async () => {
  const build = buildMessages(prompt(1, "word ".repeat(100)), assistant(100), log([]));
  await expect(build).rejects.toMatchObject({ code: "context_too_long" });
  const withInstructions = buildMessages(prompt(1, "q"), assistant(40, "i".repeat(200)), log([]));
  await expect(withInstructions).rejects.toMatchObject({ code: "context_too_long" });
});

test("an assistant may be given a number of exchanges at most", async () => {
  const entries = [...exchange(1, "q1", "a1"), ...exchange(6, "q2", "a2"), prompt(11, "q3")];
  const one = await buildMessages(
    prompt(11, "q3"),
    { ...assistant(10_000), contextExchanges: 1 },
    log(entries),
  );
  expect(one.map((message) => message.text)).toEqual(["q2", "a2", "q3"]);
  const none = await buildMessages(
    prompt(11, "q3"),
    { ...assistant(10_000), contextExchanges: 0 },
    log(entries),
  );
  expect(none.map((message) => message.text)).toEqual(["q3"]);
});
