import type { Entry } from "@colloquy/protocol";
import type { TurnState } from "./conversation.ts";

/** How a turn went, or goes. */
export interface TurnCourse {
  /** Undefined when there is only its prompt. */
  readonly state?: TurnState;
  /** When it began to run, or to run on after a wait; milliseconds since the epoch. */
  readonly ranAt?: number;
  /** How long it ran, without waits; known once it has ended. */
  readonly workMs?: number;
}

/** Calls of a turn that are open. Those that were granted run only when the turn runs on. */
interface OpenCalls {
  readonly running: Set<string>;
  readonly undecided: Set<string>;
}

const take = ({ running, undecided }: OpenCalls, entry: Entry): void => {
  if (entry.kind === "tool-call") {
    (entry.runs === "client" ? undecided : running).add(entry.callId);
  } else if (entry.kind === "approval" || entry.kind === "tool-result") {
    running.delete(entry.callId);
    undecided.delete(entry.callId);
    if (entry.kind === "approval" && entry.state === "requested") undecided.add(entry.callId);
  }
};

/**
 * What the entries of a turn say of its course. A turn waits when all that it could go on with is undecided; when that is
 * decided it is queued until an attempt says that it runs on.
 */
export const courseOf = (entries: readonly Entry[]): TurnCourse => {
  const calls: OpenCalls = { running: new Set(), undecided: new Set() };
  let state: TurnState | undefined;
  let ranAt: number | undefined;
  let worked = 0;
  let since: number | undefined;
  const rest = (at: number): void => {
    if (since !== undefined) worked += Math.max(0, at - since);
    since = undefined;
  };
  for (const entry of entries) {
    if (entry.kind === "prompt") continue;
    take(calls, entry);
    if (entry.kind === "turn-end") {
      rest(entry.at);
      return { state: entry.end, ...(ranAt !== undefined && { ranAt, workMs: worked }) };
    }
    if (entry.kind === "note") {
      if (entry.about !== "attempt") continue;
      // A crash lies between two runs when nothing said that the first one had come to rest.
      state = "running";
      ranAt = entry.at;
      since = entry.at;
      continue;
    }
    const waits = calls.undecided.size > 0 && calls.running.size === 0;
    const wakes = entry.kind === "approval" || entry.kind === "tool-result";
    if (waits) {
      rest(entry.at);
      state = "waiting";
    } else if (wakes && (state === "waiting" || state === "queued")) state = "queued";
    else state = "running";
  }
  return { ...(state !== undefined && { state }), ...(ranAt !== undefined && { ranAt }) };
};
