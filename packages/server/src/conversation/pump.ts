import type { Clock } from "../kernel/clock.ts";
import type { Logger } from "../kernel/logger.ts";
import { observe, type Meter } from "../kernel/meter.ts";
import type { JournalRecord, LiveJournal } from "../stores/live-journal.ts";
import type { LiveText } from "./live-text.ts";

/** Whose texts grow: a conversation, as the pump sees it. */
export interface Growing {
  /** Texts that may have grown since they were last asked for. */
  texts(): Iterable<LiveText>;
  /** Tells readers what they may see now; true when some of them are to be told more at a later tick. */
  tell(): boolean;
}

export interface PumpOptions {
  readonly journal: LiveJournal;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly meter: Meter;
  /** The shortest time between two frames with text of a turn, milliseconds. */
  readonly frameIntervalMs: number;
}

/** The widest that the interval grows when the event loop falls behind, milliseconds. */
const widestMs = 100;

/**
 * The one tick that all growing texts of a server share: writes what grew to the live journal, in one write, and then
 * tells the readers (P4). It beats only while something grows. When the loop falls behind, the beat widens: fewer, larger
 * frames instead of a backlog.
 *
 * At ten times the load of one core this is the piece to shard: one pump, journal and set of conversations a worker.
 */
export class Pump {
  readonly #options: PumpOptions;
  readonly #dirty = new Set<Growing>();
  readonly #urgent = new Set<Growing>();
  #intervalMs: number;
  #stopTimer: (() => void) | undefined;
  #dueAt = 0;
  #hurried = false;
  #beating = false;
  /** The journal refused the last write. */
  #failing = false;
  #flushing: Promise<void> | undefined;
  #closed = false;

  constructor(options: PumpOptions) {
    this.#options = options;
    this.#intervalMs = options.frameIntervalMs;
  }

  /** A text grew: its readers are told at the next tick, or at once when it is urgent (an entry, the first text of a turn). */
  mark(growing: Growing, urgent: boolean): void {
    if (this.#closed) return;
    if (!urgent) {
      this.#dirty.add(growing);
      this.#schedule();
      return;
    }
    this.#urgent.add(growing);
    if (this.#hurried) return;
    this.#hurried = true;
    // After the events of this loop turn: turns that begin together share a write.
    setImmediate(() => void this.#run(this.#urgent, true, () => (this.#hurried = false)));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopTimer?.();
    await this.#flushing;
  }

  #schedule(): void {
    if (this.#stopTimer || this.#beating || this.#closed) return;
    const { clock } = this.#options;
    this.#dueAt = clock.monotonic() + this.#intervalMs;
    this.#stopTimer = clock.after(this.#intervalMs, () => {
      this.#stopTimer = undefined;
      void this.#beat();
    });
  }

  async #beat(): Promise<void> {
    const { clock, frameIntervalMs } = this.#options;
    const began = clock.monotonic();
    this.#beating = true;
    await this.#run(this.#dirty, false);
    this.#beating = false;
    const behind = began - this.#dueAt + (clock.monotonic() - began);
    this.#intervalMs =
      behind > this.#intervalMs / 2
        ? Math.min(widestMs, this.#intervalMs * 1.5)
        : Math.max(frameIntervalMs, this.#intervalMs * 0.9);
    if (this.#dirty.size > 0) this.#schedule();
  }

  /** One write at a time: a run that comes during a write waits for it. Never rejects. */
  async #run(set: Set<Growing>, hurried: boolean, begun?: () => void): Promise<void> {
    while (this.#flushing) await this.#flushing;
    begun?.();
    if (set.size === 0) return;
    const round = [...set];
    set.clear();
    this.#flushing = this.#flush(round, hurried);
    await this.#flushing;
    this.#flushing = undefined;
  }

  /** @param hurried between two beats */
  async #flush(round: readonly Growing[], hurried: boolean): Promise<void> {
    const records: JournalRecord[] = [];
    const grown: LiveText[] = [];
    this.#each(round, (growing) => {
      for (const text of growing.texts()) {
        if (text.finished && (hurried || !text.spared)) {
          // It is on its way to the log, which lets readers see it too. It is journalled if that takes longer than a beat.
          text.spared ||= !hurried;
          this.mark(growing, false);
          continue;
        }
        const record = text.collect();
        if (!record) continue;
        records.push(record);
        grown.push(text);
      }
    });
    // Nobody may see what is not in the journal: the same text is written again at the next tick. What is durable is told.
    const written = records.length === 0 || (await this.#write(records));
    if (written) this.#show(grown);
    this.#each(round, (growing) => {
      if (growing.tell() || !written) this.mark(growing, false);
    });
  }

  async #write(records: readonly JournalRecord[]): Promise<boolean> {
    const { journal, logger } = this.#options;
    try {
      await journal.write(records);
    } catch (thrown) {
      if (!this.#failing)
        logger.error({ err: thrown }, "live journal cannot be written; growing answers are held back");
      this.#failing = true;
      return false;
    }
    if (this.#failing) logger.info({}, "live journal can be written again");
    this.#failing = false;
    return true;
  }

  /** What goes wrong with one conversation is its own trouble, nobody else's. */
  #each(round: readonly Growing[], does: (growing: Growing) => void): void {
    for (const growing of round) {
      try {
        does(growing);
      } catch (thrown) {
        this.#options.logger.error({ err: thrown }, "a conversation's readers could not be told");
      }
    }
  }

  #show(grown: readonly LiveText[]): void {
    const { clock, meter } = this.#options;
    const now = clock.monotonic();
    for (const text of grown) {
      text.written();
      if (text.waitingSince > 0) observe(meter.tokenAge, now - text.waitingSince);
      text.waitingSince = 0;
    }
  }
}
