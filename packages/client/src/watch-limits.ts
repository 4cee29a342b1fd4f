import type { Code, TurnLimits } from "@colloquy/protocol";

/** Timers of JavaScript count in 31 bits. */
const longestTimer = 2 ** 31 - 1;

export interface LimitWatch {
  /** Something came: the silence begins anew. */
  heard(): void;
  /** Whether a limit has been reached or the signal aborted. */
  readonly over: boolean;
  /** Resolves when a limit is reached, or with `cancelled` when the signal aborts; else never. */
  readonly expired: Promise<{ readonly code: Code; readonly detail?: string | undefined }>;
  stop(): void;
}

/**
 * Holds a stream to its time limits. One timer that looks at time stamps when the nearest limit is due, so that a piece
 * costs no more than noting when it came.
 */
export const watchLimits = (
  limits: Pick<TurnLimits, "firstEventMs" | "silenceMs" | "turnMs">,
  now: () => number,
  signal?: AbortSignal,
): LimitWatch => {
  const begun = now();
  let last: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = false;
  let settle: (code: Code) => void = () => undefined;
  const expired = new Promise<{ code: Code }>((resolve) => {
    settle = (code) => {
      over = true;
      resolve({ code });
    };
  });

  const nearest = (): { at: number; code: Code } => {
    const gap: { at: number; code: Code } =
      last === undefined
        ? { at: begun + limits.firstEventMs, code: "first_event_timeout" }
        : { at: last + limits.silenceMs, code: "silence_timeout" };
    const end = begun + limits.turnMs;
    return end <= gap.at ? { at: end, code: "turn_timeout" } : gap;
  };
  const look = (): void => {
    const { at, code } = nearest();
    if (now() >= at) settle(code);
    else timer = setTimeout(look, Math.min(longestTimer, at - now()));
  };
  const abort = (): void => settle("cancelled");

  signal?.addEventListener("abort", abort, { once: true });
  if (signal?.aborted === true) abort();
  else look();

  return {
    heard() {
      const first = last === undefined;
      last = now();
      if (!first || over) return;
      clearTimeout(timer);
      look();
    },
    get over() {
      return over;
    },
    expired,
    stop() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    },
  };
};
