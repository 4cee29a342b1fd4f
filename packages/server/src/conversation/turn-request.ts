import type { NewEntry } from "@colloquy/protocol";
import type { Exchange, ModelRequest } from "../models/model.ts";
import type { Tool } from "../tools/tool.ts";
import type { Assistant } from "../turn/assistant.ts";
import { estimateTokens } from "../turn/estimate-tokens.ts";
import { instructionsOf } from "../turn/instructions.ts";
import { exchangeOf, type Exchanges, type NumberedExchange } from "../turn/read-exchanges.ts";
import { gatherContext } from "../turn/request.ts";
import type { Ask } from "../turn/run-turn.ts";
import type { ActiveTurn } from "./active-turn.ts";

export interface RequestScene {
  readonly conversation: string;
  readonly now: () => number;
  /** Exchanges before the turn's prompt, newest first. */
  readonly exchanges: () => Exchanges<Exchange>;
  readonly write: (entry: NewEntry) => void;
}

/** Gathers what a turn's model is told of the past, once for a run of the turn, and makes requests of it. */
export const prepareRequest = async (
  { prompt, assistant }: ActiveTurn,
  tools: readonly Tool[],
  { conversation, now, exchanges, write }: RequestScene,
): Promise<Ask> => {
  const { first, all } = await readFirst(exchanges(), assistant.contextExchanges ?? 0);
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
      exchanges: first,
      ...notesOf(prompt.n, now, write),
    };
  };
};

/** Notes may come long after the turn's end: what writes them holds nothing else of the request. */
const notesOf = (
  turn: number,
  now: () => number,
  write: (entry: NewEntry) => void,
): Required<Pick<ModelRequest, "note" | "reply">> => ({
  note: (about, data) => write({ kind: "note", turn, at: now(), about, data }),
  reply: (model, text) => write({ kind: "reply", turn, at: now(), model, text: text.toWellFormed() }),
});

/** The first so many of them, and all: what was read is not read again. */
const readFirst = async <T extends Exchange>(
  items: Exchanges<T>,
  count: number,
): Promise<{ readonly first: readonly T[]; readonly all: Exchanges<T> }> => {
  const { known = [] } = items;
  if (known.length >= count) return { first: known.slice(0, count), all: items };
  const reading = items[Symbol.asyncIterator]();
  const first: T[] = [];
  while (first.length < count) {
    const { value, done } = await reading.next();
    if (done) break;
    first.push(value);
  }
  const all = async function* (): AsyncIterable<T> {
    try {
      yield* first;
      yield* { [Symbol.asyncIterator]: () => reading };
    } finally {
      await reading.return?.();
    }
  };
  return { first, all: { known: first, [Symbol.asyncIterator]: () => all()[Symbol.asyncIterator]() } };
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
export const withWaiting = (exchanges: Exchanges, n: number, turns: Iterable<ActiveTurn>): Exchanges => {
  const resting: ActiveTurn[] = [];
  for (const turn of turns) if (turn.state.phase === "waiting" && turn.prompt.n < n) resting.push(turn);
  if (resting.length === 0) return exchanges;
  const waiting = resting
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
