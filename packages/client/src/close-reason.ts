import { closeCodes } from "@colloquy/protocol";
import { isFields } from "./read-payload.ts";

/** The longest wait that a hub may ask for, milliseconds. */
const longestWait = 10 * 60_000;

/**
 * When the hub wants its clients back: the reason of a close frame is JSON, `{"reconnectInMs": n}`. Undefined when it says
 * nothing of the kind.
 */
export const reconnectInMs = (reason: string): number | undefined => {
  if (!reason.startsWith("{")) return undefined;
  try {
    const said: unknown = JSON.parse(reason);
    const value = isFields(said) ? said["reconnectInMs"] : undefined;
    return typeof value === "number" && value >= 0 ? Math.min(value, longestWait) : undefined;
  } catch {
    return undefined;
  }
};

const sentences: Readonly<Record<number, string>> = {
  [closeCodes.goingAway]: "The server is going away.",
  [closeCodes.restart]: "The server is restarting.",
  [closeCodes.tooLarge]: "Something too large was sent.",
  [closeCodes.notAuthenticated]: "Please sign in first.",
  [closeCodes.notAllowed]: "You are not allowed to connect here.",
  [closeCodes.tooSlow]: "The connection is too slow.",
  [closeCodes.slowDown]: "Too much at once; the server asked for a pause.",
};

/** A close frame as a sentence for people. */
export const closeSentence = (code: number, reason: string): string =>
  (reason.startsWith("{") || reason === "" ? sentences[code] : reason) ?? "The connection was lost.";
