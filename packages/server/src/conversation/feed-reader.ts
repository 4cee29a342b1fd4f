import type { Placed, Reader, Sink, Voice } from "./conversations.ts";
import type { Feed, FeedTurn } from "./feed.ts";
import { joinCursor } from "./full-cursor.ts";
import { cursorOf, isCursorOf, placeAt, type Place, type PlaceCursor } from "./place.ts";
import type { Relay, RelayFrame } from "./relay.ts";
import { step, type Step } from "./step.ts";

/** What a reader needs of the conversation that it reads. */
export interface ReaderHost {
  readonly feed: Feed | undefined;
  readonly relay: Relay | undefined;
  /** Undefined while there is but one reader. */
  readonly frames: FrameCache | undefined;
  /** Whether readers of repeated text may be told of this turn in the present round. */
  mayRepeat(turn: FeedTurn): boolean;
  /**
   * Brings entries after `after` into memory, then calls `done`, before others' pages can push them out. Never rejects.
   */
  fetch(after: number, turns: boolean, done: () => void): Promise<void>;
  /** Finds the place that a reader asks for, opening the conversation if need be, and puts it there. */
  settle(reader: FeedReader, whereabouts: Whereabouts): Promise<Placed>;
  relayFell(): void;
  broke(thrown: unknown): void;
  detach(reader: FeedReader): void;
}

/** Where a reader wants to begin. */
export interface Whereabouts {
  readonly cursor?: string;
  readonly history?: number;
}

/** Frames that were made for one reader and serve all others that stand at the same place and are spoken to alike. */
export type FrameCache = Map<string, readonly Buffer[]>;

export interface FeedReaderOptions extends Whereabouts {
  readonly voice: Voice;
  readonly sink: Sink;
  readonly forgiving: boolean;
}

/**
 * A cursor, a voice and a sink. Holds no text: what is to be told is looked up when there is room for it (P5).
 */
export class FeedReader implements Reader {
  /** Undefined until the conversation is open. */
  place: Place | undefined;
  relaySeq = 0;
  readonly #host: ReaderHost;
  readonly #sink: Sink;
  readonly #forgiving: boolean;
  #whereabouts: Whereabouts | undefined;
  #placed: Promise<Placed> | undefined;
  #voice: Voice;
  #started = false;
  #fetching = false;
  /** Its place is being looked for: no relayed frame is told with a cursor that is not true yet. */
  #placing = false;
  #closed = false;
  /** Where the last moment has led: the next one begins there. */
  #stood: PlaceCursor | undefined;

  constructor(host: ReaderHost, options: FeedReaderOptions) {
    this.#host = host;
    this.#sink = options.sink;
    this.#voice = options.voice;
    this.#forgiving = options.forgiving;
    if (options.cursor !== undefined || options.history !== undefined) {
      this.#whereabouts = options;
      this.#placed = this.#settle(options);
      // Whoever wants to know asks for `placed`.
      this.#placed.catch(() => {});
    }
  }

  /** Opens the conversation if need be: a reader that does not ask costs the store nothing. */
  get placed(): Promise<Placed> {
    return (this.#placed ??= this.#settle(this.#whereabouts ?? {}));
  }

  async #settle(whereabouts: Whereabouts): Promise<Placed> {
    this.#placing = true;
    try {
      return await this.#host.settle(this, whereabouts);
    } finally {
      this.#placing = false;
      this.wake();
    }
  }

  async replace(change: Whereabouts & { readonly voice: Voice }): Promise<Placed> {
    this.#voice = change.voice;
    if (change.cursor !== undefined || change.history !== undefined)
      return (this.#placed = this.#settle(change));
    // Who is shown cursors must have a place: that of a conversation which nobody has opened yet would lie.
    if (change.voice.plainRelay !== true) await this.placed;
    return { cursor: this.cursor, recovered: true };
  }

  start(): void {
    this.#started = true;
    this.wake();
  }

  get cursor(): string {
    return this.#cursorAt(this.relaySeq, this.#host.relay?.id);
  }

  #cursorAt(seq: number, ring: string | undefined): string {
    const conversation = cursorOf(this.#host.feed, this.place ?? placeAt(0));
    return joinCursor(conversation, ring === undefined ? undefined : { ring, seq });
  }

  wake(): boolean {
    if (!this.#started || this.#closed) return false;
    const { relay, feed } = this.#host;
    try {
      if (relay && !this.#placing) this.#tellRelayed(relay);
      return feed && this.place && !this.#fetching ? this.#tell(feed, this.place) : false;
    } catch (thrown) {
      // A reader that cannot be told is its own trouble, nobody else's.
      this.#host.broke(thrown);
      this.#sink.fell();
      return false;
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#host.detach(this);
  }

  #tell(feed: Feed, from: Place): boolean {
    let place = from;
    let heldBack = false;
    const mayRepeat = (turn: FeedTurn): boolean => {
      const may = this.#host.mayRepeat(turn);
      heldBack ||= !may;
      return may;
    };
    while (!this.#closed && this.#sink.ready(0)) {
      const next = step(feed, place, this.#voice.snapshots ? mayRepeat : undefined);
      if (next.kind === "level") return heldBack;
      if (next.kind === "fetch") {
        this.#fetching = true;
        void this.#host.fetch(next.after, next.turns, () => {
          this.#fetching = false;
          this.wake();
        });
        return false;
      }
      const hidden = this.#voice.hides?.(next.moment) === true;
      if (!hidden && !this.#sendAll(this.#framesOf(feed, place, next))) return false;
      place = next.place;
      this.place = place;
    }
    return false;
  }

  #framesOf(feed: Feed, from: Place, next: Extract<Step, { kind: "tell" }>): readonly Buffer[] {
    const { relay, frames } = this.#host;
    const ring = relay && { ring: relay.id, seq: this.relaySeq };
    const stood = this.#stood;
    const cursor = joinCursor(this.#cursorOf(feed, next.place), ring);
    const before = (): string =>
      joinCursor(isCursorOf(stood, feed, from) ? stood.cursor : cursorOf(feed, from), ring);
    if (!frames) return this.#voice.render(next.moment, cursor, before);
    const begun = from.texts.map((text) => (text.begun ? 1 : 0)).join("");
    const key = `${this.#voice.key}|${before()}|${cursor}|${begun}|${from.pastUntil - from.n}|${next.moment.kind}`;
    let made = frames.get(key);
    if (!made) {
      made = this.#voice.render(next.moment, cursor, before);
      frames.set(key, made);
    }
    return made;
  }

  #cursorOf(feed: Feed, place: Place): string {
    const cursor = cursorOf(feed, place);
    this.#stood = { log: feed.log, place, cursor };
    return cursor;
  }

  #sendAll(frames: readonly Buffer[]): boolean {
    let bytes = 0;
    for (const frame of frames) bytes += frame.length;
    if (bytes > 0 && !this.#sink.ready(bytes)) return false;
    for (const frame of frames) this.#sink.send(frame);
    return true;
  }

  #tellRelayed(relay: Relay): void {
    while (!this.#closed && this.relaySeq < relay.head && this.#sink.ready(0)) {
      const next = relay.next(this.relaySeq);
      if (next === undefined) {
        this.relaySeq = relay.head;
      } else if (next !== "lost") {
        if (!this.#relayOne(relay, next)) return;
      } else if (!this.#forgiving) {
        this.#host.relayFell();
        this.#sink.fell();
        return;
      } else if (!this.#catchUp(relay)) {
        return;
      }
    }
  }

  /** For a reader that fell out of the ring: the newest frame of each message, if they all fit. */
  #catchUp(relay: Relay): boolean {
    const frames = relay.newestOfEach();
    const [first] = frames;
    const bytes = first ? (this.#relayed(relay, first)[0]?.length ?? 0) : 0;
    // Told once, together with the first of them.
    if (!this.#sink.ready(bytes)) return false;
    this.#sink.lost?.(this.cursor);
    for (const frame of frames) {
      if (frame.seq > this.relaySeq && !this.#relayOne(relay, frame)) return false;
    }
    this.relaySeq = relay.head;
    return true;
  }

  #relayOne(relay: Relay, frame: RelayFrame): boolean {
    if (!this.#sendAll(this.#relayed(relay, frame))) return false;
    this.relaySeq = frame.seq;
    return true;
  }

  #relayed(relay: Relay, frame: RelayFrame): readonly Buffer[] {
    const { frames } = this.#host;
    const place = this.#voice.plainRelay ? "" : this.#cursorAt(frame.seq, relay.id);
    const key = `${this.#voice.key}~${frame.seq}${place}`;
    let made = frames?.get(key);
    if (!made) {
      made = [this.#voice.relay(frame.json, place, frame.form)];
      frames?.set(key, made);
    }
    return made;
  }
}
