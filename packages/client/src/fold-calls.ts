import type { ApprovalEntry, Entry, ToolCallEntry, ToolResultEntry } from "@colloquy/protocol";
import { type CallState, type CallView, isOpenCall } from "./call.ts";
import type { TurnView } from "./conversation.ts";

/** Something that became of a call, in no wire's words. */
export type CallChange = { readonly id: string } & Partial<Omit<CallView, "id">>;

/** Where calls came from decides who is listened to: what an end has been told of is not opened again. */
const changed = (call: CallView, change: CallChange): CallView => {
  if (!isOpenCall(call) && change.state !== undefined && change.state !== call.state) return call;
  const next = { ...call, ...change };
  if (next.state !== "running" || next.runs === "client") return next;
  // What is granted waits for nothing any more.
  const { until: _until, ...rest } = next;
  return next.until === undefined ? next : rest;
};

/** The calls with one of them changed, or with one more. */
const changeCall = (calls: readonly CallView[], change: CallChange, at: number): readonly CallView[] => {
  const index = calls.findIndex((call) => call.id === change.id);
  const call = calls[index];
  if (call === undefined) return [...calls, { name: "", arguments: "", state: "running", at, ...change }];
  return calls.with(index, changed(call, change));
};

/** A turn with one of its calls changed. */
export const withCall = (turn: TurnView, change: CallChange): TurnView => ({
  ...turn,
  calls: changeCall(turn.calls ?? [], change, turn.text.length),
});

const begun = (entry: ToolCallEntry, at: number): CallView => ({
  id: entry.callId,
  name: entry.name,
  arguments: entry.arguments,
  state: "running",
  at,
  startedAt: entry.at,
  ...(entry.progress !== undefined && { progress: entry.progress }),
  ...(entry.runs !== undefined && { runs: entry.runs }),
  ...(entry.until !== undefined && { until: entry.until }),
});

const verdicts: Readonly<Record<ApprovalEntry["state"], CallState>> = {
  requested: "waiting",
  granted: "running",
  denied: "denied",
  expired: "expired",
};

const decided = ({ callId, state, until, by, reason }: ApprovalEntry): CallChange => ({
  id: callId,
  state: verdicts[state],
  ...(until !== undefined && { until }),
  ...(by !== undefined && { by }),
  ...(reason !== undefined && { reason }),
});

/** How a call ended, as a state. */
export const outcomes: Readonly<Record<ToolResultEntry["outcome"], CallState>> = {
  result: "done",
  error: "failed",
  denied: "denied",
  cancelled: "cancelled",
  expired: "expired",
};

const resulted = ({ callId, outcome, content, at }: ToolResultEntry): CallChange => ({
  id: callId,
  state: outcomes[outcome],
  result: content,
  endedAt: at,
});

const callsIn = (entries: readonly Entry[]): readonly CallView[] => {
  let calls: readonly CallView[] = [];
  let at = 0;
  for (const entry of entries) {
    if (entry.kind === "answer") at = (entry.offset ?? at) + entry.text.length;
    else if (entry.kind === "tool-call") calls = [...calls, begun(entry, at)];
    // What is known of a call whose beginning is not known says too little to be shown.
    else if (entry.kind === "approval" && calls.some(({ id }) => id === entry.callId))
      calls = changeCall(calls, decided(entry), at);
    else if (entry.kind === "tool-result" && calls.some(({ id }) => id === entry.callId))
      calls = changeCall(calls, resulted(entry), at);
  }
  return calls;
};

const isOfCall = ({ kind }: Entry): boolean =>
  kind === "tool-call" || kind === "approval" || kind === "tool-result";
const countOf = (entries: readonly Entry[]): number => entries.filter(isOfCall).length;

/** The calls of a turn as its entries tell them, with those that only live frames have told; the same list when nothing is new. */
export const foldCalls = (
  known: readonly Entry[],
  entries: readonly Entry[],
  before: { readonly calls?: readonly CallView[] },
): { readonly calls?: readonly CallView[] } => {
  if (before.calls && countOf(known) === countOf(entries)) return { calls: before.calls };
  const told = callsIn(entries);
  const names = new Set(told.map(({ id }) => id));
  const calls = [...told, ...(before.calls ?? []).filter(({ id }) => !names.has(id))];
  return calls.length === 0 ? {} : { calls };
};

/** When a turn has ended, so have its calls, whatever of them was not heard. */
export const closeCalls = (turn: TurnView, completed: boolean): TurnView =>
  turn.calls?.some(isOpenCall) === true
    ? {
        ...turn,
        calls: turn.calls.map((call) =>
          isOpenCall(call) ? { ...call, state: completed ? "done" : "cancelled" } : call,
        ),
      }
    : turn;
