import type { Clock } from "../../kernel/clock.ts";

export interface GateOptions<T> {
  readonly clock: Clock;
  /** Some peer does not repeat ids: what it replies can only be told by when it comes. */
  readonly oneAtATime: () => boolean;
  /** The item's time has come. */
  readonly go: (item: T) => void;
  /** How long after a first reply others may still come, milliseconds. */
  readonly settleMs: number;
  /** How long replies may still come to what ended without one, milliseconds. */
  readonly quarantineMs: number;
  /** More than so many are not let in. */
  readonly maxWaiting: number;
  /** Runs something once the replies that are already here have been read. */
  readonly afterReading: (run: () => void) => void;
}

/**
 * Lets prompts out, in the order in which they came: all at once, or, while some peer cannot tell which prompt it answers, one at a
 * time and with a pause between them, so that a reply can be told by its time. The pause lasts until others' replies to
 * the last one have had their time: a short one after it was decided by a reply, a longer one after it was given up.
 */
export interface Gate<T> {
  /** The one prompt that a reply without an id must belong to, if there is one. */
  readonly alone: T | undefined;
  /** `go` is called now or later; false when too many are waiting already. */
  enter(item: T): boolean;
  /**
   * The item is decided, or withdrawn.
   *
   * @param repliedAt when its first reply came, monotonic, if no other is expected; `-Infinity` if none can come at all
   */
  leave(item: T, repliedAt?: number): void;
  /** `oneAtATime` may have become false. */
  readonly relax: () => void;
  /** Lets nobody out any more; gives those who waited. */
  close(): readonly T[];
}

export const createGate = <T>(options: GateOptions<T>): Gate<T> => {
  const { clock, go, oneAtATime, afterReading } = options;
  const waiting: T[] = [];
  const out = new Set<T>();
  let alone: T | undefined;
  let clearAt = -Infinity;
  let stopTimer: (() => void) | undefined;
  let reading = false;
  let closed = false;

  const mayGo = (): boolean => !oneAtATime() || (out.size === 0 && clock.monotonic() >= clearAt);

  const letOut = (): void => {
    const [item] = waiting.splice(0, 1);
    if (item === undefined) return;
    out.add(item);
    alone = oneAtATime() ? item : undefined;
    go(item);
  };

  const proceed = (): void => {
    stopTimer?.();
    stopTimer = undefined;
    if (closed) return;
    while (waiting.length > 0 && !oneAtATime()) letOut();
    // While somebody is out, its leaving calls again.
    if (waiting.length === 0 || out.size > 0 || reading) return;
    const pause = clearAt - clock.monotonic();
    if (pause > 0) {
      stopTimer = clock.after(Math.max(1, pause), proceed);
      return;
    }
    // A late reply that came in its time may not have been read yet. It must not be taken for a reply to this one.
    reading = true;
    afterReading(() => {
      reading = false;
      if (!closed && mayGo()) letOut();
      proceed();
    });
  };

  return {
    get alone() {
      return alone;
    },
    enter(item) {
      if (closed || waiting.length >= options.maxWaiting) return false;
      waiting.push(item);
      proceed();
      return true;
    },
    leave(item, repliedAt) {
      if (out.delete(item)) {
        const quiet =
          repliedAt === undefined ? clock.monotonic() + options.quarantineMs : repliedAt + options.settleMs;
        // Also what was let out beside others counts: the gate may be in force again when the next one comes.
        clearAt = Math.max(clearAt, quiet);
        proceed();
        return;
      }
      const place = waiting.indexOf(item);
      if (place >= 0) waiting.splice(place, 1);
    },
    relax: proceed,
    close() {
      closed = true;
      stopTimer?.();
      return waiting.splice(0);
    },
  };
};
