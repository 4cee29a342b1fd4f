import type { Entry, PromptEntry } from "@colloquy/protocol";
import {
  exchangeOf,
  readExchanges,
  tellsOfExchange,
  type Exchanges,
  type NumberedExchange,
  type ReadBack,
} from "../turn/read-exchanges.ts";
import { filesOf } from "../turn/request.ts";

/** Exchanges that are kept: what most models are given, and all that the sequencer's old peers can be. */
const kept = 16;
/** What they may hold together, UTF-16 code units. */
const keptChars = 2 * 1024 * 1024;

interface Unfinished {
  readonly prompt: PromptEntry;
  readonly entries: Entry[];
}

/**
 * The newest exchanges of a conversation in memory, so that a busy one need not read its own log back for each prompt. Older
 * ones come from the store, and so do those that are too large to be kept.
 */
export class RecentExchanges {
  readonly #readBack: ReadBack;
  readonly #unfinished = new Map<number, Unfinished>();
  /** How long they are without their files, by prompt number; counted once. */
  readonly #wordChars = new Map<number, number>();
  /** By prompt number, the newest first: all there are of prompts from number `#from` on, which is Infinity before they were read. */
  #exchanges: NumberedExchange[] = [];
  #from: number;
  #reading: Promise<void> | undefined;
  /** How often what was read has become old. */
  #age = 0;

  /** @param fresh the log is empty */
  constructor(readBack: ReadBack, fresh: boolean) {
    this.#readBack = readBack;
    this.#from = fresh ? 0 : Infinity;
  }

  add(entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (entry.kind === "prompt") {
        this.#unfinished.set(entry.n, { prompt: entry, entries: [] });
        continue;
      }
      if (entry.turn === undefined || !tellsOfExchange(entry)) continue;
      const one = this.#unfinished.get(entry.turn);
      one?.entries.push(entry);
      if (entry.kind !== "turn-end") continue;
      this.#unfinished.delete(entry.turn);
      const exchange = one && exchangeOf(one.prompt, one.entries);
      if (exchange) this.#keep(exchange);
      // Of a turn that began in an earlier process we do not have all.
      else if (!one) this.#forget();
      if (this.#from !== Infinity) this.#trim();
    }
  }

  /** Exchanges of prompts before number `n`, newest first, as they are now. */
  before(n: number): Exchanges {
    if (this.#from === Infinity) return { [Symbol.asyncIterator]: () => this.#afterReading(n) };
    const from = Math.min(n, this.#from);
    const known = this.#exchanges.filter((exchange) => exchange.n >= this.#from && exchange.n < n);
    return { known, [Symbol.asyncIterator]: () => this.#all(known, from) };
  }

  async *#afterReading(n: number): AsyncGenerator<NumberedExchange> {
    await (this.#reading ??= this.#read(this.#age));
    const known = this.#exchanges.filter((exchange) => exchange.n >= this.#from && exchange.n < n);
    yield* this.#all(known, Math.min(n, this.#from));
  }

  async *#all(known: readonly NumberedExchange[], from: number): AsyncGenerator<NumberedExchange> {
    yield* known;
    if (from > 0) yield* readExchanges(from, this.#readBack);
  }

  /** What ends meanwhile comes by itself. */
  async #read(age: number): Promise<void> {
    const found: NumberedExchange[] = [];
    let from = 0;
    try {
      for await (const exchange of readExchanges(Infinity, this.#readBack)) {
        if (found.push(exchange) < kept) continue;
        from = exchange.n;
        break;
      }
      if (age !== this.#age) return;
      for (const exchange of found) this.#keep(exchange);
      this.#from = from;
      this.#trim();
    } finally {
      if (age === this.#age) this.#reading = undefined;
    }
  }

  #forget(): void {
    this.#age += 1;
    this.#exchanges = [];
    this.#wordChars.clear();
    this.#from = Infinity;
    this.#reading = undefined;
  }

  /** Puts it into its place, once. */
  #keep(exchange: NumberedExchange): void {
    const place = this.#exchanges.findIndex(({ n }) => n <= exchange.n);
    const same = place >= 0 && this.#exchanges[place]?.n === exchange.n;
    this.#exchanges.splice(place < 0 ? this.#exchanges.length : place, same ? 1 : 0, exchange);
    this.#wordChars.set(exchange.n, wordCharsOf(exchange));
  }

  /** Lets go of what is too old or too much, and of all that is older than that. */
  #trim(): void {
    let chars = 0;
    let place = 0;
    for (const exchange of this.#exchanges) {
      const { n, files } = exchange;
      // Files are large, and those of older exchanges go to no model.
      const withFiles = files !== undefined && place < filesOf;
      if (!withFiles && files) this.#exchanges[place] = withoutFiles(exchange);
      chars += (this.#wordChars.get(n) ?? 0) + (withFiles ? fileCharsOf(files) : 0);
      if (n < this.#from) break;
      if (place === kept || chars > keptChars) {
        this.#from = n + 1;
        break;
      }
      place += 1;
    }
    for (const { n } of this.#exchanges.splice(place)) this.#wordChars.delete(n);
  }
}

const withoutFiles = (exchange: NumberedExchange): NumberedExchange => {
  const { files, ...words } = exchange;
  return files ? words : exchange;
};

const wordCharsOf = ({ prompt, answer, steps = [], facts = {} }: NumberedExchange): number =>
  prompt.length + answer.length + JSON.stringify([steps, facts]).length;

const fileCharsOf = (files: NonNullable<NumberedExchange["files"]>): number =>
  files.reduce((sum, { data }) => sum + data.length, 0);
