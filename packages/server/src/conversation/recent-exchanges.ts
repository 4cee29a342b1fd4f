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

interface Unfinished {
  readonly prompt: PromptEntry;
  readonly entries: Entry[];
}

/**
 * The newest exchanges of a conversation in memory, so that a busy one need not read its own log back for each prompt. Older
 * ones come from the store.
 */
export class RecentExchanges {
  readonly #readBack: ReadBack;
  readonly #unfinished = new Map<number, Unfinished>();
  /** By prompt number, the newest first. */
  #exchanges: NumberedExchange[] = [];
  /** Whether there is nothing in the log that is not here. */
  #whole: boolean;
  #loaded: Promise<void> | undefined;

  /** @param fresh the log is empty */
  constructor(readBack: ReadBack, fresh: boolean) {
    this.#readBack = readBack;
    this.#whole = fresh;
  }

  add(entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (entry.kind === "prompt") {
        this.#unfinished.set(entry.n, { prompt: entry, entries: [] });
        continue;
      }
      const one = entry.turn === undefined ? undefined : this.#unfinished.get(entry.turn);
      if (!one || entry.turn === undefined || !tellsOfExchange(entry)) continue;
      one.entries.push(entry);
      if (entry.kind !== "turn-end") continue;
      this.#unfinished.delete(entry.turn);
      const exchange = exchangeOf(one.prompt, one.entries);
      if (exchange) this.#keep(exchange);
    }
  }

  /** Exchanges of prompts before number `n`, newest first. */
  async *before(n: number): AsyncIterable<NumberedExchange> {
    if (!this.#whole) await (this.#loaded ??= this.#load());
    const known = this.#exchanges.filter((exchange) => exchange.n < n);
    yield* known;
    if (this.#whole) return;
    const oldest = known.at(-1)?.n ?? n;
    yield* readExchanges(oldest, this.#readBack);
  }

  async #load(): Promise<void> {
    let room = kept;
    for await (const exchange of readExchanges(Infinity, this.#readBack)) {
      this.#keep(exchange);
      room -= 1;
      if (room === 0) return;
    }
    this.#whole = true;
  }

  #keep(exchange: NumberedExchange): void {
    if (this.#exchanges.some((known) => known.n === exchange.n)) return;
    this.#exchanges = [...this.#exchanges, exchange].toSorted((a, b) => b.n - a.n);
    // Files are large, and those of older exchanges go to no model.
    const old = this.#exchanges[filesOf];
    if (old?.files) {
      const { files: _files, ...rest } = old;
      this.#exchanges[filesOf] = rest;
    }
    if (this.#exchanges.length <= kept) return;
    this.#exchanges.length = kept;
    this.#whole = false;
    this.#loaded ??= Promise.resolve();
  }
}
