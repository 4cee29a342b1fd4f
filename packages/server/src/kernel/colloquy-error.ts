import { codes, type Code } from "@colloquy/protocol";

/**
 * The one error class. `code` is of the closed table and decides retry, reconnect and show; `message` is a
 * sentence for a person; `detail` is safe for anyone in the conversation to read. The cause is for the log only.
 *
 * @example throw new ColloquyError("store_unavailable", { cause: error });
 */
export class ColloquyError extends Error {
  readonly code: Code;
  readonly detail: string | undefined;
  /** How long a provider asked us to wait before the next try, milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: Code,
    options: { message?: string; detail?: string; cause?: unknown; retryAfterMs?: number } = {},
  ) {
    super(
      options.message ?? codes[code].says,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = "ColloquyError";
    this.code = code;
    this.detail = options.detail;
    this.retryAfterMs = options.retryAfterMs;
  }

  get retry(): boolean {
    return codes[this.code].retry;
  }
}

/** Whatever was thrown, as a ColloquyError; what we do not know becomes `internal` (or `fallback`). */
export const toColloquyError = (thrown: unknown, fallback: Code = "internal"): ColloquyError => {
  if (thrown instanceof ColloquyError) return thrown;
  // An AbortSignal's reason may have crossed a library that wrapped it.
  if (thrown instanceof Error && thrown.cause instanceof ColloquyError) return thrown.cause;
  return new ColloquyError(fallback, { cause: thrown });
};
