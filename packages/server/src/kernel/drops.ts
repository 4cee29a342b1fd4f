import type { Clock } from "./clock.ts";
import type { Logger } from "./logger.ts";

/** Counts what is dropped, by reason, and logs it at most once a second however much it is. */
export interface Drops<R extends string> {
  /** Since the start. */
  readonly counts: Readonly<Record<R, number>>;
  count(reason: R, times?: number): void;
  /** Logs what was not logged yet. */
  close(): void;
}

const logEveryMs = 1_000;

/**
 * @param what what drops, as the beginning of a log line
 * @param none all reasons, at zero
 */
export const createDrops = <R extends string>(
  what: string,
  none: Readonly<Record<R, number>>,
  clock: Clock,
  logger: Logger,
): Drops<R> => {
  const counts: Record<R, number> = { ...none };
  let logged = none;
  let stopTimer: (() => void) | undefined;
  let closed = false;

  const log = (): boolean => {
    const dropped: Partial<Record<R, number>> = {};
    let any = false;
    for (const reason in counts) {
      if (counts[reason] === logged[reason]) continue;
      dropped[reason] = counts[reason] - logged[reason];
      any = true;
    }
    if (!any) return false;
    logged = { ...counts };
    logger.warn({ dropped }, `${what}: something was dropped`);
    return true;
  };

  const logAgain = (): void => {
    stopTimer = log() ? clock.after(logEveryMs, logAgain) : undefined;
  };

  return {
    counts,
    count(reason, times = 1) {
      counts[reason] += times;
      if (!stopTimer && !closed) logAgain();
    },
    close() {
      closed = true;
      stopTimer?.();
      stopTimer = undefined;
      log();
    },
  };
};
