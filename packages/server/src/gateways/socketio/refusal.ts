import { codes } from "@colloquy/protocol";
import type { ConnectRefusal, Refused } from "@colloquy/protocol/rooms";
import type { ColloquyError } from "../../kernel/colloquy-error.ts";

/** Why something was refused, in words that may be shown to the asker. */
export const refused = ({ code, message }: ColloquyError): Refused => ({
  error: message,
  code,
  retry: codes[code].retry,
});

/** What Socket.IO makes a `connect_error` of. */
export const connectError = ({ code, message }: ColloquyError): Error & { data: ConnectRefusal } =>
  Object.assign(new Error(message), { data: { code, retry: codes[code].retry } });
