import type { PromptEntry } from "@colloquy/protocol";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import type { Exchange, Model, ModelMessage } from "../models/model.ts";
import type { Assistant } from "./assistant.ts";

/**
 * Estimates tokens: four UTF-8 bytes each, and a few for what surrounds a message. Providers count differently; the
 * estimate only decides how much history goes along, and it errs on the side of too much for English.
 */
export const estimateTokens = (text: string): number => Math.ceil(Buffer.byteLength(text) / 4) + 4;

/** Of the tokens that a model takes, the part that is left for its answer. */
const answerShare = 0.25;

/** @throws ColloquyError `context_too_long` when a prompt alone does not fit the assistant's model */
export const assertFits = (text: string, { model, instructions }: Assistant): void => {
  const tokens = estimateTokens(text) + (instructions === undefined ? 0 : estimateTokens(instructions));
  if (tokens <= roomFor(model)) return;
  throw new ColloquyError("context_too_long", { detail: `about ${tokens} tokens` });
};

/** Tokens that instructions, history and prompt may have together. */
const roomFor = (model: Model): number => Math.floor(model.contextTokens * (1 - answerShare));

/**
 * What a model is given: the newest whole exchanges that fit beside the instructions and the prompt, oldest first, then
 * the prompt. Only turns that have ended with some text are exchanges; notes and reasoning are not given to models.
 *
 * @throws ColloquyError `context_too_long` when the prompt alone does not fit
 */
export const buildMessages = async (
  prompt: PromptEntry,
  assistant: Assistant,
  exchanges: AsyncIterable<Exchange>,
): Promise<readonly ModelMessage[]> => {
  assertFits(prompt.text, assistant);
  const { model, instructions } = assistant;
  let left =
    roomFor(model) -
    estimateTokens(prompt.text) -
    (instructions === undefined ? 0 : estimateTokens(instructions));
  const messages: ModelMessage[] = [{ role: "user", text: prompt.text }];
  let room = assistant.contextExchanges ?? Infinity;
  if (room === 0) return messages;
  for await (const exchange of exchanges) {
    left -= estimateTokens(exchange.prompt) + estimateTokens(exchange.answer);
    if (left < 0) break;
    messages.unshift({ role: "user", text: exchange.prompt }, { role: "assistant", text: exchange.answer });
    room -= 1;
    if (room === 0) break;
  }
  return messages;
};
