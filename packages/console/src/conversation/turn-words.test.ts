import type { TurnState, TurnView } from "@colloquy/client";
import { describe, expect, test } from "vitest";
import { titleOf } from "./title.ts";
import { announcement, endWords, isAnswering, isOpen, metaWords, progressWords } from "./turn-words.ts";

const turn = (state: TurnState, more: Partial<TurnView> = {}): TurnView => ({
  messageId: "m",
  state,
  text: "",
  prompt: "Why?",
  ...more,
});
const error = { code: "provider_busy", message: "The model's provider is busy.", retry: true };

describe("what is said about a turn", () => {
  test("P8 before the first word it is always said what is going on", () => {
    for (const state of ["sending", "queued", "running", "waiting"] as const) {
      expect(isOpen(turn(state))).toBe(true);
      expect(progressWords(turn(state), true)).toBeTruthy();
    }
    expect(progressWords(turn("sending"), false)).toContain("as soon as the connection is back");
    expect(progressWords(turn("running", { activity: "Executing weather..." }), true)).toBe(
      "Executing weather...",
    );
    expect(progressWords(turn("running", { text: "So" }), true)).toBeUndefined();
  });

  test("P3 every end but a complete answer is explained", () => {
    for (const state of ["failed", "cancelled", "refused"] as const) {
      expect(isOpen(turn(state))).toBe(false);
      expect(progressWords(turn(state), true)).toBeUndefined();
      expect(endWords(turn(state))).toBeTruthy();
    }
    expect(endWords(turn("failed", { error }))).toBe(error.message);
    expect(endWords(turn("refused", { error }))).toContain(error.message);
    expect(endWords(turn("completed", { text: "Yes." }))).toBeUndefined();
    expect(endWords(turn("completed"))).toBeTruthy();
  });

  test("P9 partial text that was kept is named as such", () => {
    expect(endWords(turn("cancelled", { text: "So" }))).not.toBe(endWords(turn("cancelled")));
  });

  test("only what is being answered can be stopped", () => {
    const states: readonly TurnState[] = [
      "sending",
      "refused",
      "queued",
      "running",
      "waiting",
      "completed",
      "failed",
      "cancelled",
    ];
    expect(states.filter((state) => isAnswering(turn(state)))).toEqual(["running", "waiting"]);
  });

  test("a screen reader hears the beginning and the end, never each word", () => {
    expect(announcement("queued", turn("running"))).toBe("The assistant is answering.");
    expect(announcement("running", turn("running", { text: "more" }))).toBeUndefined();
    expect(announcement("running", turn("completed", { text: "all" }))).toBe("The answer is complete.");
    expect(announcement("running", turn("failed", { error }))).toBe(error.message);
  });

  test("model, tokens and seconds, as far as they are known", () => {
    const usage = { inputTokens: 3, outputTokens: 212 };
    const full = turn("completed", { model: "demo:guide", usage, startedAt: 1_000, endedAt: 4_400 });
    expect(metaWords(full)).toEqual(["demo:guide", "212 tokens", "3.4 s"]);
    expect(metaWords({ ...full, usage: { ...usage, estimated: true } })[1]).toBe("about 212 tokens");
    const one = { inputTokens: 3, outputTokens: 1, estimated: true };
    expect(metaWords(turn("completed", { usage: one }))).toEqual(["about 1 token"]);
    expect(metaWords(turn("completed"))).toEqual([]);
  });
});

describe("the title of a conversation", () => {
  const view = (prompt: string, more = false) => ({
    phase: "live" as const,
    turns: [turn("completed", { prompt })],
    more,
  });
  test("is the beginning of its first prompt", () => {
    expect(titleOf(view("  Why\n is it? "))).toBe("Why is it?");
    expect(titleOf(view("a".repeat(200)))).toBe(`${"a".repeat(80)}…`);
    expect(titleOf(view(`${"a".repeat(79)}\u{1F600}b`))).toBe(`${"a".repeat(79)}…`);
  });
  test("is not known while older turns are not loaded, or there are none", () => {
    expect(titleOf(view("Why?", true))).toBeUndefined();
    expect(titleOf({ phase: "live", turns: [], more: false })).toBeUndefined();
  });
});
