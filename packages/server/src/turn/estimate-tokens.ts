import type { PromptFile } from "@colloquy/protocol";
import type { ModelMessage } from "../models/model.ts";

/**
 * Estimates tokens: four UTF-8 bytes each, and a few for what surrounds a message. Providers count differently; the
 * estimate only decides how much history goes along, and it errs on the side of too much for English.
 */
export const estimateTokens = (text: string): number => Math.ceil(Buffer.byteLength(text) / 4) + 4;

/** Text is read as text; of all else providers make pictures, whose size does not follow from their bytes. */
const fileTokens = ({ type, data }: PromptFile): number => {
  const bytes = (data.length * 3) / 4;
  if (type.startsWith("text/")) return Math.ceil(bytes / 4);
  return 1_500 + (type.startsWith("image/") ? 0 : Math.ceil(bytes / 32));
};

/** Of a message with all that goes along with it. */
export const messageTokens = (message: ModelMessage): number => {
  let tokens = estimateTokens(message.text);
  if (message.role === "user") for (const file of message.files ?? []) tokens += fileTokens(file);
  if (message.role === "assistant") {
    for (const call of message.calls ?? [])
      tokens += estimateTokens(call.name) + estimateTokens(call.arguments);
    for (const { text } of message.reasoning ?? []) tokens += estimateTokens(text);
  }
  return tokens;
};
