import { type Code, codes } from "@colloquy/protocol";

/**
 * The one error of this package. What to do follows from the code; `message` is a sentence that a person understands.
 */
export class ClientError extends Error {
  override readonly name = "ClientError";
  readonly code: Code;
  /** Whether the same call may succeed later, unchanged. */
  readonly retry: boolean;

  constructor(code: Code, message?: string, options?: ErrorOptions) {
    super(message === undefined || message === "" ? codes[code].says : message, options);
    this.code = code;
    this.retry = codes[code].retry;
  }
}
