import type { Entry } from "@colloquy/protocol";
import type { Exchange } from "../models/model.ts";

/** An exchange, and the entry number of its prompt. */
export interface NumberedExchange extends Exchange {
  readonly n: number;
}

/** Gives older entries: the newest, or those before number `before`, newest last; an empty list when there are none. */
export type ReadBack = (before: number | undefined) => Promise<readonly Entry[]>;

/**
 * The exchanges of prompts before number `n`, newest first, as the log has them: turns that have ended with some text. Begins
 * at the head of the log, since the answer to an earlier prompt may stand behind a prompt that had to wait; reads back only
 * as far as it is asked.
 */
export async function* readExchanges(n: number, readBack: ReadBack): AsyncIterable<NumberedExchange> {
  const answers = new Map<number, string>();
  const facts = new Map<number, Readonly<Record<string, unknown>>>();
  const ended = new Set<number>();
  let before: number | undefined;
  for (;;) {
    const entries = await readBack(before);
    for (const entry of entries.toReversed()) {
      if (entry.kind === "turn-end" && entry.turn < n) ended.add(entry.turn);
      else if (
        entry.kind === "note" &&
        entry.about === "arbitration" &&
        entry.turn !== undefined &&
        entry.data
      ) {
        facts.set(entry.turn, { ...entry.data, ...facts.get(entry.turn) });
      } else if (entry.kind === "answer" && ended.has(entry.turn)) {
        answers.set(entry.turn, entry.text + (answers.get(entry.turn) ?? ""));
      } else if (entry.kind === "prompt") {
        const answer = answers.get(entry.n);
        const noted = facts.get(entry.n);
        if (answer) yield { n: entry.n, prompt: entry.text, answer, ...(noted && { facts: noted }) };
        for (const map of [answers, facts]) map.delete(entry.n);
        ended.delete(entry.n);
      }
    }
    const first = entries[0];
    if (!first || first.n <= 1) return;
    before = first.n;
  }
}
