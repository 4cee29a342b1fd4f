import type { Entry, PromptEntry } from "@colloquy/protocol";
import type { Exchange } from "../models/model.ts";
import { turnMessages } from "./turn-messages.ts";

/** An exchange, and the entry number of its prompt. */
export interface NumberedExchange extends Exchange {
  readonly n: number;
}

/** Exchanges, newest first. */
export interface Exchanges<T extends Exchange = NumberedExchange> extends AsyncIterable<T> {
  /** The first of those that the iteration gives, as far as nothing need be waited for; a busy conversation asks for no more. */
  readonly known?: readonly T[];
}

/** Gives older entries: the newest, or those before number `before`, newest last; an empty list when there are none. */
export type ReadBack = (before: number | undefined) => Promise<readonly Entry[]>;

/** How much of what a tool gave, or was given, in an earlier turn a model is shown; UTF-16 code units. */
const oldResultChars = 4_000;
const oldArgumentChars = 4_000;

/** What a turn's entries, oldest first, are to later turns; undefined where nothing was said or done. Pure. */
export const exchangeOf = (prompt: PromptEntry, entries: readonly Entry[]): NumberedExchange | undefined => {
  let answer = "";
  let facts: Readonly<Record<string, unknown>> | undefined;
  let acted = false;
  for (const entry of entries) {
    if (entry.kind === "answer") answer += entry.text;
    else if (entry.kind === "tool-call") acted = true;
    else if (entry.kind === "note" && entry.about === "arbitration" && entry.data)
      facts = { ...facts, ...entry.data };
  }
  if (answer === "" && !acted) return undefined;
  return {
    n: prompt.n,
    prompt: prompt.text,
    answer,
    ...(prompt.files && { files: prompt.files }),
    ...(acted && {
      steps: turnMessages(entries, { resultChars: oldResultChars, argumentChars: oldArgumentChars }),
    }),
    ...(facts && { facts }),
  };
};

/** Whether an entry can be of use to {@link exchangeOf}. */
export const tellsOfExchange = (entry: Entry): boolean =>
  entry.kind !== "prompt" && entry.kind !== "reasoning" && entry.kind !== "reply";

/**
 * The exchanges of prompts before number `n`, newest first, as the log has them: turns that have ended with some text, or
 * with something done. Begins at the head of the log, since the answer to an earlier prompt may stand behind a prompt that
 * had to wait; reads back only as far as it is asked.
 */
export async function* readExchanges(n: number, readBack: ReadBack): AsyncIterable<NumberedExchange> {
  /** What was read of turns whose prompts are yet to come, newest first. */
  const turns = new Map<number, Entry[]>();
  let before: number | undefined;
  for (;;) {
    const entries = await readBack(before);
    for (const entry of entries.toReversed()) {
      if (entry.kind === "prompt") {
        const read = turns.get(entry.n) ?? [];
        turns.delete(entry.n);
        const ended = read.some((one) => one.kind === "turn-end");
        const exchange = ended ? exchangeOf(entry, read.toReversed()) : undefined;
        if (exchange) yield exchange;
      } else if (entry.turn !== undefined && entry.turn < n && tellsOfExchange(entry)) {
        const read = turns.get(entry.turn);
        if (read) read.push(entry);
        else turns.set(entry.turn, [entry]);
      }
    }
    const first = entries[0];
    if (!first || first.n <= 1) return;
    before = first.n;
  }
}
