import { isDeepStrictEqual } from "node:util";
import type { Entry, NewEntry } from "@colloquy/protocol";
import { backoff } from "../kernel/backoff.ts";
import { sleep, type Clock } from "../kernel/clock.ts";
import { ColloquyError, toColloquyError } from "../kernel/colloquy-error.ts";
import type { Logger } from "../kernel/logger.ts";
import { observe, type Meter } from "../kernel/meter.ts";
import type { LogHead, Store } from "../stores/store.ts";

/** Makes entries, given the number that the first of them will have. */
export type MakeEntries = (first: number) => readonly NewEntry[];

interface Waiting {
  readonly make: MakeEntries;
  readonly stored: (entries: readonly Entry[]) => void;
  readonly refused: (error: ColloquyError) => void;
  /** It must not be lost: while the store fails it is kept and tried again. */
  readonly sure: boolean;
}

export interface WriterOptions {
  readonly conversation: string;
  readonly head: LogHead;
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly meter: Meter;
  /** From its abort on nothing is tried again: what the store refuses then is refused. */
  readonly signal: AbortSignal;
  /** Called with entries that have just become durable, in order, before anyone who waits for them. */
  readonly added: (entries: readonly Entry[]) => void;
  /** Called after `added` with entries that turned out to be durable although whoever handed them in was refused. */
  readonly found: (entries: readonly Entry[]) => void;
}

/** An append that the store neither confirmed nor could be asked about: it may be durable. */
interface Doubt {
  readonly flight: readonly Waiting[];
  readonly list: readonly Entry[];
}

/** Waits between two tries to store what must be stored. */
const patience = { baseMs: 100, maxMs: 5_000 };

/**
 * The one writer of a conversation: gives numbers to entries and makes them durable in the order in which they were
 * handed in. One append is under way at a time; whatever comes meanwhile goes into the next one, so a busy
 * conversation costs one trip to the store for many entries, and a number that is not durable is never given out.
 */
export class Writer {
  readonly #options: WriterOptions;
  #term: number;
  #next: number;
  #doubt: Doubt | undefined;
  #waiting: Waiting[] = [];
  /** What the store refused and must have, in the order in which it was handed in; it goes before all that must not be lost. */
  #kept: Waiting[] = [];
  #tries = 0;
  /** What was kept has waited long enough. */
  #again = false;
  /** So many of those that wait are appended one by one, to find the one for which the others were refused. */
  #singly = 0;
  #busy = false;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#term = options.head.term;
    this.#next = options.head.n + 1;
  }

  /** Stores a list of entries, all or nothing. Rejects with `store_unavailable`, `stale_writer`, or what the store says of it. */
  append(make: MakeEntries): Promise<readonly Entry[]> {
    return this.#hand(make, false);
  }

  /**
   * Stores entries that must not be lost (an end, a sealed part): tries again until the store takes them, and never lets a
   * later one of them overtake an earlier one. Rejects only when another writer has taken over, when the store will never have
   * them, and when the server closes while the store fails. They may be made when the append is, at each try anew: `make` then sees all that became durable before, and may find that nothing is left to say.
   */
  appendSurely(entries: readonly NewEntry[] | MakeEntries): Promise<readonly Entry[]> {
    return this.#hand(typeof entries === "function" ? entries : () => entries, true);
  }

  #hand(make: MakeEntries, sure: boolean): Promise<readonly Entry[]> {
    return new Promise((stored, refused) => {
      const line = sure && this.#kept.length > 0 ? this.#kept : this.#waiting;
      line.push({ make, stored, refused, sure });
      if (!this.#busy) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#busy = true;
    for (;;) {
      // Only between two appends: what was kept keeps its place before what was handed in later.
      if (this.#again) this.#waiting.unshift(...this.#kept.splice(0));
      this.#again = false;
      const flight = this.#waiting.splice(0, this.#singly > 0 ? 1 : Infinity);
      if (flight.length === 0) break;
      if (this.#singly > 0) this.#singly -= 1;
      await this.#store(flight);
    }
    this.#singly = 0;
    this.#busy = false;
  }

  async #store(handed: readonly Waiting[]): Promise<void> {
    const { store, conversation, clock, meter } = this.#options;
    const settled = this.#doubt ? await this.#settle(this.#doubt) : [];
    if (!settled) return this.#refuse(handed, new ColloquyError("store_unavailable"));
    const { flight, list, ends } = this.#make(handed.filter((waiting) => !settled.includes(waiting)));
    if (list.length === 0) {
      for (const waiting of flight) waiting.stored([]);
      return undefined;
    }
    const before = clock.monotonic();
    try {
      await store.append({ conversation, term: this.#term, expected: this.#next, entries: list });
    } catch (thrown) {
      const error = toColloquyError(thrown, "store_unavailable");
      if (error.code === "store_unavailable") this.#doubt = { flight, list };
      // What is durable all the same is answered as such: nobody is told "refused" of a prompt that is in the log.
      if (this.#doubt && (await this.#isStored(list))) this.#doubt = undefined;
      else if (flight.length > 1 && !this.#doubt && error.code !== "stale_writer") {
        // The store can be asked, so it may be one of them that it does not take.
        this.#waiting.unshift(...flight);
        this.#singly = flight.length;
        return undefined;
      } else return this.#refuse(flight, error);
    }
    this.#tries = 0;
    observe(meter.storeLatency, clock.monotonic() - before);
    this.#next += list.length;
    this.#options.added(list);
    flight.forEach((waiting, i) => waiting.stored(list.slice(ends[i - 1] ?? 0, ends[i])));
  }

  /** What one append is to hold; whoever cannot make his entries is refused, and nobody else. */
  #make(handed: readonly Waiting[]): Doubt & { readonly ends: readonly number[] } {
    const flight: Waiting[] = [];
    const list: Entry[] = [];
    const ends: number[] = [];
    for (const waiting of handed) {
      try {
        const made = waiting.make(this.#next + list.length);
        for (const entry of made) list.push({ ...entry, n: this.#next + list.length });
        ends.push(list.length);
        flight.push(waiting);
      } catch (thrown) {
        waiting.refused(toColloquyError(thrown));
      }
    }
    return { flight, list, ends };
  }

  #refuse(flight: readonly Waiting[], error: ColloquyError): void {
    const patient = error.code === "store_unavailable" && !this.#options.signal.aborted;
    const lost = patient ? this.#keep(flight, error) : flight;
    for (const waiting of lost) waiting.refused(error);
  }

  /** Finds out about an append in doubt: gives what is durable of it, or undefined while the store still cannot say. */
  async #settle(doubt: Doubt): Promise<readonly Waiting[] | undefined> {
    const stored = await this.#isStored(doubt.list);
    if (this.#doubt) return undefined;
    if (!stored) return [];
    const { flight, list } = doubt;
    this.#next += list.length;
    this.#options.added(list);
    this.#kept = this.#kept.filter((waiting) => !flight.includes(waiting));
    for (const waiting of flight) if (waiting.sure) waiting.stored(list);
    this.#options.found(list);
    return flight;
  }

  /** Takes the lead once more and looks whether the log has gone on by just this list. The doubt stays when it cannot be asked. */
  async #isStored(list: readonly Entry[]): Promise<boolean> {
    const { store, conversation } = this.#options;
    try {
      const head = await store.lead(conversation, true);
      if (!head || head.log !== this.#options.head.log) return false;
      const beyond = await store.readAfter(conversation, this.#next - 1, list.length + 1);
      this.#term = head.term;
      this.#doubt = undefined;
      // Stores keep JSON: what providers and tools say of themselves may hold what comes back otherwise (undefined, NaN, -0).
      return isDeepStrictEqual(asJson(beyond), asJson(list));
    } catch {
      return false;
    }
  }

  /** Keeps what must not be lost of a flight, and of what stands behind it; gives the rest of the flight. */
  #keep(flight: readonly Waiting[], error: ColloquyError): readonly Waiting[] {
    const kept = [...flight, ...this.#waiting].filter(({ sure }) => sure);
    if (kept.length > 0) {
      this.#waiting = this.#waiting.filter(({ sure }) => !sure);
      this.#kept.push(...kept);
      void this.#tryAgain(error);
    }
    return flight.filter(({ sure }) => !sure);
  }

  async #tryAgain(error: ColloquyError): Promise<void> {
    const { clock, logger, conversation, signal } = this.#options;
    this.#tries += 1;
    logger.warn(
      { err: error.cause ?? error, conversation, attempt: this.#tries },
      "store refused an entry that must be kept; trying again",
    );
    try {
      await sleep(backoff(patience, this.#tries), clock, signal);
    } catch {
      for (const waiting of this.#kept.splice(0)) waiting.refused(error);
      return;
    }
    this.#again = true;
    if (!this.#busy) void this.#drain();
  }
}

const asJson = (entries: readonly Entry[]): unknown => JSON.parse(JSON.stringify(entries));
