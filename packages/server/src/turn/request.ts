import type { PromptEntry, PromptFile } from "@colloquy/protocol";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import type { Exchange, Model, ModelMessage } from "../models/model.ts";
import type { Assistant } from "./assistant.ts";
import { cutText } from "./cut-text.ts";
import { estimateTokens, messageTokens } from "./estimate-tokens.ts";
import type { Exchanges } from "./read-exchanges.ts";

/** Of the tokens that a model takes, the part that is left for its answer. */
const answerShare = 0.25;

/** Of how many of the newest exchanges the files go along. */
export const filesOf = 4;

/** Tokens that instructions, tools, history and prompt may have together. */
const roomFor = (model: Model): number => Math.floor(model.contextTokens * (1 - answerShare));

const tooLong = (tokens: number): ColloquyError =>
  new ColloquyError("context_too_long", { detail: `about ${tokens} tokens` });

/** @throws ColloquyError `context_too_long` when a prompt alone does not fit the assistant's model */
export const assertFits = (
  text: string,
  { model, instructions = "" }: Assistant,
  files: readonly PromptFile[] = [],
): void => {
  const tokens = messageTokens(said(text, files, model)) + tokensOf(instructions);
  if (tokens > roomFor(model)) throw tooLong(tokens);
};

const tokensOf = (text: string): number => (text === "" ? 0 : estimateTokens(text));

/** What goes before a turn's own words; gathered once for all model calls of a run. */
export interface Context {
  /**
   * Whole exchanges, oldest first, as many of the newest as fit beside the rest; then the prompt; then what the turn has said
   * and done so far, its results cut where they would not fit otherwise.
   *
   * @param beside tokens of what else goes along: instructions, tools
   * @throws ColloquyError `context_too_long` when all but the history does not fit
   */
  messages(own: readonly ModelMessage[], beside: number): readonly ModelMessage[];
}

interface Block {
  readonly messages: readonly ModelMessage[];
  readonly tokens: number;
}

/**
 * Reads as many of the newest exchanges as fit beside the prompt. Notes and reasoning are not given to models; to one that
 * calls no tools only the words of an exchange are.
 */
export const gatherContext = async (
  prompt: PromptEntry,
  { model, contextExchanges: most = Infinity }: Assistant,
  exchanges: Exchanges<Exchange>,
  beside: number,
): Promise<Context> => {
  const asked = blockOf([said(prompt.text, prompt.files ?? [], model)]);
  const blocks: Block[] = [];
  let left = roomFor(model) - asked.tokens - beside;
  /** Whether more are wanted. */
  const take = (exchange: Exchange): boolean => {
    const options = tellings(exchange, model, blocks.length < filesOf);
    const block = options.find(({ tokens }) => tokens <= left);
    if (!block) return options.length === 0;
    left -= block.tokens;
    return blocks.push(block) < most;
  };
  if (most > 0 && left > 0) {
    const { known = [] } = exchanges;
    if (known.every(take)) {
      let place = 0;
      for await (const exchange of exchanges) {
        place += 1;
        if (place > known.length && !take(exchange)) break;
      }
    }
  }
  return {
    messages(own, besideNow) {
      const around = asked.tokens + besideNow;
      const told = shortened(own, roomFor(model) - around);
      let room = roomFor(model) - around - told.tokens;
      if (room < 0) throw tooLong(around + told.tokens);
      const fitting: Block[] = [];
      for (const block of blocks) {
        room -= block.tokens;
        if (room < 0) break;
        fitting.unshift(block);
      }
      return [...fitting.flatMap(({ messages }) => messages), ...asked.messages, ...told.messages];
    },
  };
};

/** How long results may be, UTF-16 code units: those of earlier calls to the model, and the newest. */
const lengths = [
  [4_000, Infinity],
  [1_000, Infinity],
  [1_000, 16_000],
  [1_000, 4_000],
  [1_000, 1_000],
] as const;

/** What a turn has said and done, with its results cut as far as it takes to fit; all of them short where nothing helps. */
const shortened = (own: readonly ModelMessage[], room: number): Block => {
  let told = blockOf(own);
  const newest = own.findLastIndex(({ role }) => role === "assistant");
  for (const [earlier, latest] of lengths) {
    if (told.tokens <= room) break;
    const cut = (message: ModelMessage, i: number): ModelMessage =>
      message.role === "tool"
        ? { ...message, text: cutText(message.text, i < newest ? earlier : latest) }
        : message;
    told = blockOf(own.map(cut));
  }
  return told;
};

/** An exchange in all the ways in which it can be told as a whole, the fullest first. */
const tellings = (exchange: Exchange, model: Model, withFiles: boolean): readonly Block[] => {
  const { prompt, answer, steps } = exchange;
  const files = withFiles ? (exchange.files ?? []) : [];
  const plain: ModelMessage = { role: "user", text: prompt };
  const words: ModelMessage = { role: "assistant", text: answer };
  const done = model.callsTools === true ? steps : undefined;
  return [
    ...(done && files.length > 0 ? [blockOf([said(prompt, files, model), ...done])] : []),
    ...(done ? [blockOf([plain, ...done])] : []),
    ...(answer !== "" && files.length > 0 ? [blockOf([said(prompt, files, model), words])] : []),
    ...(answer !== "" ? [blockOf([plain, words])] : []),
  ];
};

const blockOf = (messages: readonly ModelMessage[]): Block => ({ messages, tokens: sum(messages) });

const sum = (messages: readonly ModelMessage[]): number =>
  messages.reduce((tokens, message) => tokens + messageTokens(message), 0);

/** What a person said, with those files that the model takes; of the others it learns that they are there. */
const said = (text: string, files: readonly PromptFile[], model: Model): ModelMessage => {
  const taken = files.filter(({ type }) => takes(model, type));
  const others = files.filter((file) => !taken.includes(file));
  const told = others.map(({ name, type }) => `\n\n[Attached: ${name} (${type}). You cannot read it.]`);
  return { role: "user", text: text + told.join(""), ...(taken.length > 0 && { files: taken }) };
};

const takes = ({ files = [] }: Model, type: string): boolean =>
  files.some((taken) =>
    taken.endsWith("/*") ? taken === "*/*" || type.startsWith(taken.slice(0, -1)) : taken === type,
  );
