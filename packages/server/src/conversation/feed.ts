import { maxTexts, type Entry, type PromptEntry, type ToolCallEntry } from "@colloquy/protocol";
import { weightOf } from "./entry-weight.ts";
import type { LiveText } from "./live-text.ts";

/** A turn as readers need to know it. */
export interface FeedTurn {
  readonly turn: number;
  readonly promptId: string;
  readonly author: string;
  /** When it began to run, or to run on after a wait, milliseconds since the epoch. */
  ranAt?: number;
  /** Not ended yet. */
  live: boolean;
  /** Its text is told while it grows; at most `maxTexts` are at a time, the others are told when they have ended. */
  aloud: boolean;
  /** It waits for somebody and says nothing meanwhile: its text is told without taking the place of one that grows. */
  resting: boolean;
  text: LiveText | undefined;
  /** Its calls that wait for somebody. */
  calls: readonly ToolCallEntry[];
  /** When its text may next be told whole once more, monotonic milliseconds, and the round of telling that began then. */
  repeatAt: number;
  repeatRound: number;
}

/** A prompt as far as its turn is named by it. */
export type Asked = Pick<PromptEntry, "n" | "id" | "author">;

export const feedTurn = ({ n, id, author }: Asked, live: boolean, text?: LiveText): FeedTurn => ({
  turn: n,
  promptId: id,
  author,
  live,
  aloud: false,
  resting: false,
  text,
  calls: [],
  repeatAt: 0,
  repeatRound: 0,
});

/** A run of entries that came from the store for readers that lag behind what is in memory. */
export interface Page {
  readonly entries: readonly Entry[];
  readonly turns: ReadonlyMap<number, FeedTurn>;
}

/**
 * The entries and live texts of one conversation in memory. Knows nothing of sockets or of the store; readers look up
 * what lies between their place and the head.
 */
export class Feed {
  /** Random id of the log. */
  log = "new";
  /** Number of the newest entry. */
  head = 0;
  /** Turns under way, and ended ones whose end is still in memory. */
  readonly turns = new Map<number, FeedTurn>();
  /**
   * Another value after each turn that came into the feed without its prompt. A reader that was told of all turns under way
   * learns of every other one from the prompts that it passes.
   */
  presence: object = {};
  /** Turns that are told while they grow. */
  aloud = 0;
  readonly #live = new Set<FeedTurn>();
  /** The newest entries without gaps, the last one being `head`. */
  #window: Entry[] = [];
  #windowBytes = 0;
  /** Pages that laggards asked for; the oldest goes first. */
  #pages: Page[] = [];

  /** Number of the oldest entry in memory; `head + 1` when none is. */
  get oldest(): number {
    return this.head - this.#window.length + 1;
  }

  entry(n: number): Entry | undefined {
    const inWindow = this.#window[n - this.oldest];
    if (inWindow) return inWindow;
    for (const page of this.#pages) {
      const first = page.entries[0];
      const found = first && page.entries[n - first.n];
      if (found) return found;
    }
    return undefined;
  }

  turn(turn: number): FeedTurn | undefined {
    const known = this.turns.get(turn);
    if (known) return known;
    for (const page of this.#pages) {
      const found = page.turns.get(turn);
      if (found) return found;
    }
    return undefined;
  }

  /** A turn whose prompt is not to be told: readers that are past it are told that it is under way. */
  adopt(asked: Asked): FeedTurn {
    const known = this.turns.get(asked.n);
    if (known) return known;
    this.presence = {};
    return this.#begin(asked);
  }

  #begin(asked: Asked): FeedTurn {
    const begun = feedTurn(asked, true);
    this.turns.set(asked.n, begun);
    this.#live.add(begun);
    return begun;
  }

  #end(turn: FeedTurn): void {
    turn.live = false;
    this.#live.delete(turn);
    this.#hush(turn);
  }

  #hush(turn: FeedTurn): void {
    if (turn.aloud) this.aloud -= 1;
    turn.aloud = false;
  }

  /** A turn says something from now on, or goes on after a rest. */
  speak(turn: FeedTurn, text: LiveText): void {
    turn.text = text;
    turn.resting = false;
    this.listen();
  }

  /** A turn waits for somebody: another may be told while it grows. */
  rest(turn: FeedTurn): void {
    turn.resting = true;
    this.#hush(turn);
    this.listen();
  }

  /** Those that have not ended, in the order of their prompts as far as they came with them. */
  live(): Iterable<FeedTurn> {
    return this.#live;
  }

  /** Lets turns be told while they grow, as many as cursors hold. */
  listen(): void {
    if (this.aloud >= maxTexts) return;
    for (const turn of this.#live) {
      if (turn.aloud || turn.resting || !turn.text) continue;
      turn.aloud = true;
      this.aloud += 1;
      if (this.aloud >= maxTexts) return;
    }
  }

  liveTurns(): number[] {
    return Array.from(this.live(), (turn) => turn.turn);
  }

  /**
   * Entries that have just become durable, in order.
   *
   * @param slowest gives the last entry that every reader has of those which read from memory
   */
  add(entries: readonly Entry[], slowest: () => number): void {
    for (const entry of entries) {
      this.head = entry.n;
      this.#window.push(entry);
      this.#windowBytes += weightOf(entry);
      if (entry.kind === "prompt") {
        this.#begin(entry);
      } else if (entry.kind === "answer") {
        this.turns.get(entry.turn)?.text?.stored(entry.offset + entry.text.length);
      } else if (entry.kind === "turn-end") {
        const turn = this.turns.get(entry.turn);
        if (turn?.live) this.#end(turn);
      } else this.#heed(entry);
    }
    if (this.#exceeds(usual)) this.#forgetOld(slowest());
  }

  #heed(entry: Entry): void {
    if (entry.kind === "note") {
      const turn = entry.about === "attempt" ? this.turns.get(entry.turn ?? 0) : undefined;
      if (turn) turn.ranAt = entry.at;
    } else if (entry.kind === "tool-call") {
      const turn = entry.until === undefined ? undefined : this.turns.get(entry.turn);
      if (turn) turn.calls = [...turn.calls, entry];
    } else if (entry.kind === "tool-result" || (entry.kind === "approval" && entry.state !== "requested")) {
      const turn = this.turns.get(entry.turn);
      if (turn) turn.calls = turn.calls.filter(({ callId }) => callId !== entry.callId);
    }
  }

  remember(page: Page): void {
    this.#pages.push(page);
    if (this.#pages.length > maxPages) this.#pages.shift();
  }

  #exceeds({ entries, bytes }: Bounds): boolean {
    return this.#window.length > entries || (this.#windowBytes > bytes && this.#window.length > 1);
  }

  /** What a reader is just coming to stays a little longer: from the store it would be much dearer. */
  #forgetOld(slowest: number): void {
    while (this.#exceeds(this.oldest <= slowest ? usual : most)) {
      const gone = this.#window.shift();
      if (!gone) return;
      this.#windowBytes -= weightOf(gone);
      if (gone.kind === "turn-end") this.turns.delete(gone.turn);
    }
  }
}

interface Bounds {
  readonly entries: number;
  /** About so many. */
  readonly bytes: number;
}

/** What a conversation keeps in memory for readers that come back soon. */
const usual: Bounds = { entries: 64, bytes: 256 * 1024 };
/** And what for readers that are attached and behind. */
const most: Bounds = { entries: 2_048, bytes: 1024 * 1024 };
const maxPages = 4;

/** As many of the first entries as a page may hold, and at least one. */
export const onePage = (entries: readonly Entry[]): readonly Entry[] => {
  let bytes = 0;
  const over = entries.findIndex((entry) => (bytes += weightOf(entry)) > usual.bytes);
  return over < 0 ? entries : entries.slice(0, Math.max(1, over));
};
