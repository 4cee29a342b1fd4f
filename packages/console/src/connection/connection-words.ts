import type { ConnectionState } from "@colloquy/client";

/** What is said of a connection that is not fine, or undefined when there is nothing to say. */
export const connectionWords = (state: ConnectionState): string | undefined => {
  switch (state.phase) {
    case "connecting":
      return state.attempt === 0 ? "Connecting…" : "Connection lost. Trying again…";
    case "waiting":
      return "Connection lost. Trying again in";
    case "closed":
      return state.reason === undefined || state.reason === "" ? "The connection was closed." : state.reason;
    case "idle":
    case "open":
      break;
  }
  return undefined;
};

/** Whole seconds until `at`, at least one: a countdown that stands at zero looks stuck. */
export const secondsUntil = (at: number, now: number): number => Math.max(1, Math.ceil((at - now) / 1_000));
