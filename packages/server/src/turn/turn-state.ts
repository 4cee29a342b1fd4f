import type { Code, TurnEnd } from "@colloquy/protocol";

/** The state of a turn, from acceptance on. */
export type TurnState =
  | { readonly phase: "queued" }
  | { readonly phase: "running"; readonly attempt: number }
  /** For an approval; other turns may run meanwhile. */
  | { readonly phase: "waiting"; readonly attempt: number }
  | { readonly phase: "ended"; readonly end: TurnEnd; readonly code: Code | undefined };

export type TurnEvent =
  | { readonly type: "start"; readonly attempt: number }
  | { readonly type: "wait" }
  | { readonly type: "decided" }
  | { readonly type: "end"; readonly end: TurnEnd; readonly code?: Code };

export const queued: TurnState = { phase: "queued" };

/** @param code why it was stopped, if it was */
export const endOf = (code: Code | undefined): TurnEvent => {
  const end = code === undefined ? "completed" : code === "cancelled" ? "cancelled" : "failed";
  return { type: "end", end, ...(code !== undefined && { code }) };
};

/**
 * The state after an event. An event that makes no sense in a state leaves it as it is, so that a late or doubled event
 * can never bring an ended turn back or end it twice (P3).
 */
export const transition = (state: TurnState, event: TurnEvent): TurnState => {
  switch (event.type) {
    case "start":
      return state.phase === "queued" ? { phase: "running", attempt: event.attempt } : state;
    case "wait":
      return state.phase === "running" ? { phase: "waiting", attempt: state.attempt } : state;
    case "decided":
      // Its place in the queue has come; the attempt goes on where it waited.
      return state.phase === "waiting" ? { phase: "running", attempt: state.attempt } : state;
    case "end":
      return state.phase === "ended" ? state : { phase: "ended", end: event.end, code: event.code };
  }
};
