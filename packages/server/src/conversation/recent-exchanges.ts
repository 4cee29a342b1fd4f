import type { Entry, PromptEntry } from "@colloquy/protocol";
import {
  exchangeOf,
  readExchanges,
  tellsOfExchange,
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
      if (exchange) this.#exchanges.push(exchange);
      // Of a turn that began in an earlier process we do not have all.
      else if (!one) this.#forget();
      if (this.#from !== Infinity) this.#trim();
    }
  }

  /** Exchanges of prompts before number `n`, newest first. */
  async *before(n: number): AsyncIterable<NumberedExchange> {
    if (this.#from === Infinity) await (this.#reading ??= this.#read(this.#age));
    const from = Math.min(n, this.#from);
    yield* this.#exchanges.filter((exchange) => exchange.n >= this.#from && exchange.n < n);
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
      this.#exchanges.push(...found);
      this.#from = from;
      this.#trim();
    } finally {
      if (age === this.#age) this.#reading = undefined;
    }
  }

  #forget(): void {
    this.#age += 1;
    this.#exchanges = [];
    this.#from = Infinity;
    this.#reading = undefined;
  }

  /** Lets go of what is too old or too much, and of all that is older than that. */
  #trim(): void {
    const known = new Map(this.#exchanges.map((exchange) => [exchange.n, exchange]));
    const newest = [...known.values()].filter(({ n }) => n >= this.#from).toSorted((a, b) => b.n - a.n);
    this.#exchanges = [];
    let chars = 0;
    for (const { files, ...words } of newest) {
      // Files are large, and those of older exchanges go to no model.
      const exchange = files && this.#exchanges.length < filesOf ? { ...words, files } : words;
      chars += charsOf(exchange);
      if (this.#exchanges.length === kept || chars > keptChars) {
        this.#from = exchange.n + 1;
        return;
      }
      this.#exchanges.push(exchange);
    }
  }
}

const charsOf = ({ prompt, answer, files = [], steps = [], facts = {} }: NumberedExchange): number =>
  files.reduce(
    (sum, { data }) => sum + data.length,
    prompt.length + answer.length + JSON.stringify([steps, facts]).length,
  );
