import type { ApprovalEntry, Entry, NewEntry, ToolCallEntry, ToolResultEntry } from "@colloquy/protocol";

/** One call of a turn, as the turn's entries tell it. */
export interface CallState {
  readonly call: ToolCallEntry;
  /** Of a call that takes an approval: the newest word about it. */
  readonly approval?: ApprovalEntry["state"];
  readonly result?: ToolResultEntry;
}

/** All calls of a turn, in their order. Pure. */
export const callStates = (entries: readonly Entry[]): readonly CallState[] => {
  const states = new Map<string, CallState>();
  for (const entry of entries) {
    if (entry.kind === "tool-call") {
      states.set(entry.callId, { call: entry });
    } else if (entry.kind === "approval") {
      const state = states.get(entry.callId);
      if (state) states.set(entry.callId, { ...state, approval: entry.state });
    } else if (entry.kind === "tool-result") {
      const state = states.get(entry.callId);
      if (state && !state.result) states.set(entry.callId, { ...state, result: entry });
    }
  }
  return [...states.values()];
};

/** It is up to somebody outside of the server how it goes on: whoever approves, or the client that runs it. */
export const isOutside = ({ call, approval }: CallState): boolean =>
  call.runs === "client" || approval !== undefined;

/** Nobody has said yet how it goes on. */
export const isAwaited = ({ call, approval, result }: CallState): boolean =>
  result === undefined && (call.runs === "client" || approval === "requested");

/** The result of one call, as an entry. */
export const resultEntry = (
  { turn, callId, name }: Pick<ToolCallEntry, "turn" | "callId" | "name">,
  at: number,
  outcome: ToolResultEntry["outcome"],
  content: string,
): NewEntry => ({ kind: "tool-result", turn, callId, name, outcome, content, at });

/** What ends the calls of a turn that ends itself: none stays open (P10). */
export const cancelledResults = (entries: readonly Entry[], at: number): readonly NewEntry[] =>
  callStates(entries).flatMap((state) =>
    state.result
      ? []
      : [
          resultEntry(
            state.call,
            at,
            "cancelled",
            isAwaited(state) ? "Not run: the turn ended first." : "Stopped: the turn ended first.",
          ),
        ],
  );

/** Which call to the model said what is not in the log yet: the one that made the newest calls, until they have their results. */
export const stepUnderWay = (entries: readonly Entry[]): number => {
  const states = callStates(entries);
  const last = states.reduce((newest, { call }) => Math.max(newest, call.step ?? 1), 0);
  const over = states.every(({ call, result }) => (call.step ?? 1) < last || result);
  return over ? last + 1 : last;
};
