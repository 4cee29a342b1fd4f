import type { Entry, ToolCallEntry } from "@colloquy/protocol";
import { sleep } from "../kernel/clock.ts";
import type { AttachOptions, Placed, Reader, RelayRequest, Sink } from "./conversations.ts";
import { FeedReader, type FrameCache, type ReaderHost, type Whereabouts } from "./feed-reader.ts";
import { type Asked, Feed, onePage, type FeedTurn } from "./feed.ts";
import { splitCursor } from "./full-cursor.ts";
import type { LiveText } from "./live-text.ts";
import { placeAt } from "./place.ts";
import type { Growing } from "./pump.ts";
import { Relay } from "./relay.ts";
import { resumePlace } from "./resume-place.ts";
import { endedTurn } from "./sealed-text.ts";
import type { Surroundings } from "./surroundings.ts";

/** Entries that a laggard is given at a time. */
const pageLength = 32;
/** Enough for any page that is kept: what is longer is a file, which is not read in vain. */
const pageChars = 512 * 1024;
/** Repeated text goes to a reader at this many bytes a millisecond at most; a little under the 50 KB/s that are promised. */
const repeatedBytesPerMs = 48;

/** Opens the conversation, if it exists; its audience has a feed afterwards. */
interface Door {
  open(create: false): Promise<unknown>;
}

/** The readers of one conversation, and what they read: its feed and its relayed frames. */
export class Audience implements ReaderHost, Growing {
  /** Undefined until the conversation is opened: most channels that are subscribed to have nothing to tell. */
  feed: Feed | undefined;
  relay: Relay | undefined;
  readonly #conversation: string;
  readonly #with: Surroundings;
  readonly #door: Door;
  readonly #readers = new Set<FeedReader>();
  readonly #memberOf = new WeakMap<FeedReader, { readonly member: string; readonly sink: Sink }>();
  #frames: FrameCache | undefined;
  #round = 1;

  constructor(conversation: string, surroundings: Surroundings, door: Door) {
    this.#conversation = conversation;
    this.#with = surroundings;
    this.#door = door;
  }

  /** Nobody reads, and no relayed frame is kept for anyone who may come back. */
  get deserted(): boolean {
    this.relay?.expire(this.#with.clock.monotonic());
    return this.#readers.size === 0 && (this.relay?.bytes ?? 0) === 0;
  }

  /** The conversation is open: readers who came before stand at its head. */
  opened(log: string, head: number): void {
    const before = this.feed?.log;
    this.feed = new Feed();
    this.feed.log = log;
    this.feed.head = head;
    for (const reader of this.#readers) {
      if (!reader.place || (before !== undefined && before !== log)) reader.place = placeAt(head);
    }
  }

  /** Entries that have just become durable. */
  add(entries: readonly Entry[]): void {
    this.feed?.add(entries, () => this.#slowest());
    this.#with.pump.mark(this, true);
  }

  /** A turn begins to speak. */
  begin(asked: Asked, text: LiveText): void {
    const feed = this.feed;
    if (!feed) return;
    feed.speak(feed.adopt(asked), text);
  }

  /** A turn waits for somebody. */
  rest(turn: number): void {
    const known = this.feed?.turns.get(turn);
    if (!known?.live) return;
    this.feed?.rest(known);
    this.#with.pump.mark(this, true);
  }

  /** A turn's end is in the feed: another may be told while it grows. */
  ended(): void {
    this.feed?.listen();
  }

  /** A turn of an earlier process that has not ended, with its calls that wait for somebody. */
  knowTurn(asked: Asked, calls: readonly ToolCallEntry[]): void {
    const known = this.feed?.adopt(asked);
    if (known) known.calls = calls;
  }

  /** A text grew; hot. */
  grown(text: LiveText): void {
    this.#with.pump.mark(this, text.visible === 0);
  }

  *texts(): Iterable<LiveText> {
    if (!this.feed) return;
    for (const turn of this.feed.live()) if (turn.text) yield turn.text;
  }

  tell(): boolean {
    this.#round += 1;
    let heldBack = false;
    for (const reader of this.#readers) if (reader.wake()) heldBack = true;
    return heldBack;
  }

  publish(request: RelayRequest): void {
    const { clock, ids, relayBudget, meter } = this.#with;
    this.relay ??= new Relay(ids.random(), relayBudget);
    this.relay.add({ ...request, messageId: request.messageId, at: clock.monotonic() });
    meter.relayFrames += 1;
    for (const reader of this.#readers) reader.wake();
    this.relay.giveWay();
  }

  /** @param member whose reader it is, where that may be shown out one day */
  attach(options: AttachOptions, member?: string): Reader {
    const reader = new FeedReader(this, options);
    if (member !== undefined) this.#memberOf.set(reader, { member, sink: options.sink });
    const relayed = options.cursor === undefined ? undefined : splitCursor(options.cursor).relay;
    const ring = this.relay;
    reader.relaySeq =
      relayed && relayed.ring === ring?.id && relayed.seq <= ring.head ? relayed.seq : (ring?.head ?? 0);
    if (this.feed && options.cursor === undefined && options.history === undefined)
      reader.place = placeAt(this.feed.head);
    this.#readers.add(reader);
    this.#with.meter.readers += 1;
    return reader;
  }

  /** A user may not read here any more: their connections ask anew, and are refused. */
  showOut(user: string): void {
    for (const reader of this.#readers) {
      const known = this.#memberOf.get(reader);
      if (known?.member === user) known.sink.fell();
    }
  }

  detach(reader: FeedReader): void {
    if (this.#readers.delete(reader)) this.#with.meter.readers -= 1;
  }

  get frames(): FrameCache | undefined {
    if (this.#readers.size < 2) return undefined;
    if (!this.#frames) {
      this.#frames = new Map();
      // Kept for one turn of the event loop: long enough for everyone who is told the same.
      setImmediate(() => (this.#frames = undefined));
    }
    return this.#frames;
  }

  mayRepeat(turn: FeedTurn): boolean {
    if (turn.repeatRound === this.#round) return true;
    const now = this.#with.clock.monotonic();
    if (now < turn.repeatAt) return false;
    const bytes = turn.text?.whole().reduce((sum, piece) => sum + piece.length, 0) ?? 0;
    turn.repeatAt = now + bytes / repeatedBytesPerMs;
    turn.repeatRound = this.#round;
    return true;
  }

  broke(thrown: unknown): void {
    this.#with.logger.error(
      { err: thrown, conversation: this.#conversation },
      "a reader could not be told; closing it",
    );
  }

  relayFell(): void {
    this.#with.logger.warn(
      { conversation: this.#conversation },
      "a reader was too slow for relayed frames; closing it",
    );
  }

  async fetch(after: number, turns: boolean, done?: () => void): Promise<void> {
    const { store, logger, clock } = this.#with;
    try {
      const entries = onePage(await store.readAfter(this.#conversation, after, pageLength, pageChars));
      const unknown = new Set<number>();
      for (const entry of turns ? entries : []) {
        const tells = entry.kind === "answer" || entry.kind === "turn-end";
        if (tells && !this.feed?.turns.has(entry.turn)) unknown.add(entry.turn);
      }
      // Asked for together: they come in one trip to the store.
      const found = await Promise.all(Array.from(unknown, (turn) => this.#ended(turn)));
      this.feed?.remember({ entries, turns: new Map(found.map((one) => [one.turn, one])) });
    } catch (thrown) {
      logger.warn({ err: thrown, conversation: this.#conversation }, "history cannot be read; trying again");
      await sleep(1_000, clock);
    }
    done?.();
  }

  async #ended(turn: number): Promise<FeedTurn> {
    return endedTurn(this.#conversation, turn, await this.#with.store.readTurn(this.#conversation, turn));
  }

  async settle(reader: FeedReader, whereabouts: Whereabouts): Promise<Placed> {
    if (!this.feed) await this.#door.open(false);
    const { cursor, history } = whereabouts;
    const resumed = cursor === undefined ? undefined : resumePlace(this.feed, cursor);
    if (this.feed) {
      const { head } = this.feed;
      const fresh = { ...placeAt(head), n: Math.max(0, head - (history ?? 0)) };
      const asked = cursor !== undefined || history !== undefined;
      reader.place = resumed ?? (asked ? fresh : (reader.place ?? fresh));
    }
    const placed = { cursor: reader.cursor, recovered: resumed !== undefined };
    reader.wake();
    return placed;
  }

  /** The last entry that all readers have; those that read from the store already do not count. */
  #slowest(): number {
    const { oldest = 0, head = 0 } = this.feed ?? {};
    let slowest = head;
    for (const { place } of this.#readers)
      if (place && place.n < slowest && place.n >= oldest - 1) slowest = place.n;
    return slowest;
  }
}
