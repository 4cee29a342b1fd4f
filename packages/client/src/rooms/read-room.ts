import { type Usage, codes, isCode } from "@colloquy/protocol";
import { outcomes } from "../fold-calls.ts";
import type { CallState } from "../call.ts";
import type { TurnError, TurnFile } from "../conversation.ts";
import { type Fields, isFields } from "../read-payload.ts";

// Guards for what comes over the rooms wire: they look only at what is used.

export const word = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

const amount = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : undefined;

/** A place in a text. */
export const offsetOf = (value: unknown): number | undefined => {
  const offset = amount(value);
  return offset !== undefined && Number.isSafeInteger(offset) ? offset : undefined;
};

/** ISO 8601 as milliseconds since the epoch. */
export const momentOf = (value: unknown): number | undefined => {
  const at = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
};

export const wordsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];

export const filesOf = (value: unknown): readonly TurnFile[] | undefined => {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value.filter(isFields).map((file) => ({
    name: word(file["name"]) ?? "",
    type: word(file["type"]) ?? "",
    size: amount(file["size"]) ?? 0,
  }));
};

export const usageOf = (value: unknown): Usage | undefined => {
  if (!isFields(value)) return undefined;
  const inputTokens = amount(value["prompt_tokens"]);
  const outputTokens = amount(value["completion_tokens"]);
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  return { inputTokens, outputTokens, ...(value["estimated"] === true && { estimated: true }) };
};

/** A code of the table with its sentence, whatever came. */
export const errorOf = (code: unknown, sentence: unknown, retry?: unknown): TurnError => {
  const known = typeof code === "string" && isCode(code) ? code : "internal";
  return {
    code: known,
    message: word(sentence) ?? codes[known].says,
    retry: typeof retry === "boolean" ? retry : codes[known].retry,
  };
};

const isOutcome = (value: unknown): value is keyof typeof outcomes =>
  typeof value === "string" && Object.hasOwn(outcomes, value);

/** How a call ended; a server of part 1 does not say. */
export const outcomeOf = (value: unknown): CallState => (isOutcome(value) ? outcomes[value] : "done");

/** What a call gave as text: what went wrong stands in `error`. */
export const resultText = (result: unknown): string => {
  const told = isFields(result) && typeof result["error"] === "string" ? result["error"] : result;
  return typeof told === "string" ? told : (JSON.stringify(told) ?? "");
};

/** A refusal in an acknowledgement or an event. */
export const refusalOf = (ack: Fields): TurnError => errorOf(ack["code"], ack["error"], ack["retry"]);
