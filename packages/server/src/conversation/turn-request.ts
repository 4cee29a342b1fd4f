import type { NewEntry } from "@colloquy/protocol";
import type { Exchange } from "../models/model.ts";
import type { Tool } from "../tools/tool.ts";
import type { Assistant } from "../turn/assistant.ts";
import { estimateTokens } from "../turn/estimate-tokens.ts";
import { instructionsOf } from "../turn/instructions.ts";
import { exchangeOf, type NumberedExchange } from "../turn/read-exchanges.ts";
import { gatherContext } from "../turn/request.ts";
import type { Ask } from "../turn/run-turn.ts";
import type { ActiveTurn } from "./active-turn.ts";

export interface RequestScene {
  readonly conversation: string;
  readonly now: () => number;
  /** Exchanges before the turn's prompt, newest first. */
  readonly exchanges: () => AsyncIterable<Exchange>;
  readonly write: (entry: NewEntry) => void;
}

/** Gathers what a turn's model is told of the past, once for a run of the turn, and makes requests of it. */
export const prepareRequest = async (
  { prompt, assistant }: ActiveTurn,
  tools: readonly Tool[],
  { conversation, now, exchanges, write }: RequestScene,
): Promise<Ask> => {
  const { known, all } = await readFirst(exchanges(), assistant.contextExchanges ?? 0);
  const context = await gatherContext(prompt, assistant, all, tokensBeside(assistant, tools, now()));
  return (own, offered) => {
    const instructions = instructionsOf(assistant, offered, now());
    return {
      conversation,
      turn: prompt.n,
      promptId: prompt.id,
      author: prompt.author,
      ...(instructions !== undefined && { instructions }),
      messages: context.messages(own, tokensBeside(assistant, offered, now())),
      ...(offered.length > 0 && {
        tools: offered.map(({ name, description, parameters }) => ({ name, description, parameters })),
      }),
      exchanges: known,
      note: (about, data) => write({ kind: "note", turn: prompt.n, at: now(), about, data }),
      reply: (model, text) =>
        write({ kind: "reply", turn: prompt.n, at: now(), model, text: text.toWellFormed() }),
    };
  };
};

/** The first so many of them, and all: what was read is not read again. */
const readFirst = async <T>(
  items: AsyncIterable<T>,
  count: number,
): Promise<{ readonly known: readonly T[]; readonly all: AsyncIterable<T> }> => {
  const reading = items[Symbol.asyncIterator]();
  const known: T[] = [];
  while (known.length < count) {
    const { value, done } = await reading.next();
    if (done) break;
    known.push(value);
  }
  const all = async function* (): AsyncIterable<T> {
    try {
      for (const item of known) yield item;
      yield* { [Symbol.asyncIterator]: () => reading };
    } finally {
      await reading.return?.();
    }
  };
  return { known, all: all() };
};

/** What goes along with each request beside its messages. */
const tokensBeside = (assistant: Assistant, tools: readonly Tool[], now: number): number => {
  const instructions = instructionsOf(assistant, tools, now);
  return tools.reduce(
    (sum, { description, parameters }) => sum + estimateTokens(description + JSON.stringify(parameters)),
    instructions === undefined ? 0 : estimateTokens(instructions),
  );
};

/** Exchanges with those of turns that wait for somebody in their places, newest first. */
export const withWaiting = (
  exchanges: AsyncIterable<NumberedExchange>,
  n: number,
  turns: Iterable<ActiveTurn>,
): AsyncIterable<NumberedExchange> => {
  const waiting = [...turns]
    .filter(({ prompt, state }) => state.phase === "waiting" && prompt.n < n)
    .toSorted((a, b) => b.prompt.n - a.prompt.n)
    .flatMap(({ prompt, entries }) => exchangeOf(prompt, entries) ?? []);
  return waiting.length === 0 ? exchanges : merged(exchanges, waiting);
};

async function* merged(
  exchanges: AsyncIterable<NumberedExchange>,
  waiting: NumberedExchange[],
): AsyncIterable<NumberedExchange> {
  for await (const exchange of exchanges) {
    for (let next = waiting[0]; next && next.n > exchange.n; next = waiting[0]) {
      waiting.shift();
      yield next;
    }
    yield exchange;
  }
  yield* waiting;
}
