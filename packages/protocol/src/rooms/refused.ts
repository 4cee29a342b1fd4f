import type { Code } from "../codes.ts";

/** Why something was refused. Pages of part 1 read `error` only. */
export interface Refused {
  /** One sentence that a person understands. */
  readonly error: string;
  readonly code: Code;
  /** Whether the same may succeed later, unchanged. */
  readonly retry: boolean;
}

/** `data` of the `connect_error` that refuses a connection. */
export type ConnectRefusal = Pick<Refused, "code" | "retry">;
