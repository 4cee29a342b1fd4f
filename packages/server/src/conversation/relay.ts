/**
 * Relayed frames of one channel: the second feed, in memory only. A ring that readers have places in; nothing is queued
 * for anybody. Bounded by count, age and bytes here, and by bytes over all channels in {@link RelayBudget}.
 */
export interface RelayFrame {
  /** 1, 2, 3 … in its ring. */
  readonly seq: number;
  readonly json: string;
  readonly form: "payload" | "prompt";
  readonly messageId: string | undefined;
  readonly replaceable: boolean;
  /** Monotonic milliseconds. */
  readonly at: number;
}

/** Bytes that all rings of a server hold together; when it is used up the ring that grows gives way. */
export interface RelayBudget {
  bytes: number;
  readonly maxBytes: number;
}

export const relayLimits = {
  frames: 256,
  ageMs: 5 * 60_000,
  bytes: 1024 * 1024,
  totalBytes: 64 * 1024 * 1024,
} as const;

export class Relay {
  /** Names this ring: its frames are gone after a restart, and their numbers begin again. */
  readonly id: string;
  readonly #budget: RelayBudget;
  #frames: RelayFrame[] = [];
  #bytes = 0;
  #seq = 0;
  /** Newest frame of each message id that is still in the ring. */
  readonly #newest = new Map<string, RelayFrame>();
  /** Newest replaceable frame of each message id: what makes the replaceable ones before it superfluous. */
  readonly #replacing = new Map<string, RelayFrame>();

  constructor(id: string, budget: RelayBudget) {
    this.id = id;
    this.#budget = budget;
  }

  /** Number of the newest frame. */
  get head(): number {
    return this.#seq;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(frame: Omit<RelayFrame, "seq">): RelayFrame {
    this.#seq += 1;
    const added = { ...frame, seq: this.#seq };
    this.#frames.push(added);
    this.#count(frame.json.length);
    if (added.messageId !== undefined) this.#newest.set(added.messageId, added);
    if (added.messageId !== undefined && added.replaceable) this.#replacing.set(added.messageId, added);
    this.expire(frame.at);
    return added;
  }

  /** Drops what is too old or too much. */
  expire(now: number): void {
    while (this.#frames.length > 0) {
      const oldest = this.#frames[0];
      const tooMuch =
        this.#frames.length > relayLimits.frames ||
        this.#bytes > relayLimits.bytes ||
        (this.#budget.bytes > this.#budget.maxBytes && this.#frames.length > 1);
      if (!oldest || (!tooMuch && now - oldest.at <= relayLimits.ageMs)) return;
      this.#frames.shift();
      this.#let(oldest);
    }
  }

  /**
   * Frames have been handed on: while all rings together hold too much, this one keeps nothing, not even its newest frame,
   * which each ring keeps until then for its readers.
   */
  giveWay(): void {
    while (this.#budget.bytes > this.#budget.maxBytes) {
      const oldest = this.#frames.shift();
      if (!oldest) return;
      this.#let(oldest);
    }
  }

  /**
   * The next frame for a reader that has everything up to `seq`. A replaceable frame that a newer one of its message has
   * overtaken is passed over: a slow reader gets the newer one in its own place. `lost` when frames that the reader has
   * not had are gone.
   */
  next(seq: number): RelayFrame | "lost" | undefined {
    const oldest = this.#frames[0]?.seq ?? this.#seq + 1;
    if (seq + 1 < oldest) return "lost";
    for (let i = seq + 1 - oldest; i < this.#frames.length; i += 1) {
      const frame = this.#frames[i];
      if (!frame) return undefined;
      if (!frame.replaceable || frame.messageId === undefined) return frame;
      const newer = this.#replacing.get(frame.messageId);
      if (!newer || newer === frame) return frame;
    }
    return undefined;
  }

  /** For a reader that lost frames: the newest of each message id, oldest first, and its place after them. */
  newestOfEach(): readonly RelayFrame[] {
    return [...this.#newest.values()].toSorted((a, b) => a.seq - b.seq);
  }

  /** Lets go of a frame that has left the ring. */
  #let(gone: RelayFrame): void {
    this.#count(-gone.json.length);
    if (gone.messageId === undefined) return;
    for (const newest of [this.#newest, this.#replacing]) {
      if (newest.get(gone.messageId) === gone) newest.delete(gone.messageId);
    }
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.#budget.bytes += bytes;
  }
}
