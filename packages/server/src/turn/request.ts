import type { Entry, PromptEntry } from "@colloquy/protocol";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import type { ModelMessage } from "../models/model.ts";
import type { Assistant } from "./assistant.ts";

/**
 * Estimates tokens: four UTF-8 bytes each, and a few for what surrounds a message. Providers count differently; the
 * estimate only decides how much history goes along, and it errs on the side of too much for English.
 */
export const estimateTokens = (text: string): number => Math.ceil(Buffer.byteLength(text) / 4) + 4;

/** A prompt and what was answered to it. */
interface Exchange {
  readonly prompt: string;
  readonly answer: string;
}

/** Gives older entries: the newest, or those before number `before`, newest last; an empty list when there are none. */
export type ReadBack = (before: number | undefined) => Promise<readonly Entry[]>;

/** Of the tokens that a model takes, the part that is left for its answer. */
const answerShare = 0.25;

/**
 * What a model is given: the newest whole exchanges that fit beside the instructions and the prompt, oldest first, then
 * the prompt. Only turns that have ended with some text are exchanges; notes and reasoning are not given to models.
 *
 * @throws ColloquyError `context_too_long` when the prompt alone does not fit
 */
export const buildMessages = async (
  prompt: PromptEntry,
  assistant: Assistant,
  readBack: ReadBack,
): Promise<readonly ModelMessage[]> => {
  let left = Math.floor(assistant.model.contextTokens * (1 - answerShare));
  left -= estimateTokens(prompt.text) + (assistant.instructions ? estimateTokens(assistant.instructions) : 0);
  if (left < 0) {
    throw new ColloquyError("context_too_long", { detail: `about ${estimateTokens(prompt.text)} tokens` });
  }
  const messages: ModelMessage[] = [{ role: "user", text: prompt.text }];
  for await (const exchange of exchangesBefore(prompt.n, readBack)) {
    left -= estimateTokens(exchange.prompt) + estimateTokens(exchange.answer);
    if (left < 0) break;
    messages.unshift({ role: "user", text: exchange.prompt }, { role: "assistant", text: exchange.answer });
  }
  return messages;
};

/**
 * Whole exchanges of prompts before number `n`, newest first. Begins at the head of the log, since the answer to an earlier
 * prompt may stand behind a prompt that had to wait; reads back only as far as it is asked.
 */
async function* exchangesBefore(n: number, readBack: ReadBack): AsyncIterable<Exchange> {
  const answers = new Map<number, string>();
  const ended = new Set<number>();
  let before: number | undefined;
  for (;;) {
    const entries = await readBack(before);
    for (const entry of entries.toReversed()) {
      if (entry.kind === "turn-end" && entry.turn < n) ended.add(entry.turn);
      else if (entry.kind === "answer" && ended.has(entry.turn)) {
        answers.set(entry.turn, entry.text + (answers.get(entry.turn) ?? ""));
      } else if (entry.kind === "prompt") {
        const answer = answers.get(entry.n);
        if (answer) yield { prompt: entry.text, answer };
        answers.delete(entry.n);
        ended.delete(entry.n);
      }
    }
    const first = entries[0];
    if (!first || first.n <= 1) return;
    before = first.n;
  }
}
