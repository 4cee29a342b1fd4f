/**
 * `waiting`: for somebody's approval. `done`: it gave a result. `failed`: it gave an error. Nobody ran what was `denied` or has
 * `expired`.
 */
export type CallState = "running" | "waiting" | "done" | "failed" | "denied" | "expired" | "cancelled";

/** A tool that the model called in a turn. Immutable; the same object until something in it changed. */
export interface CallView {
  /** Unique in its conversation. */
  readonly id: string;
  readonly name: string;
  /** JSON text, as the model wrote it. */
  readonly arguments: string;
  /** What it does just now, for people. */
  readonly progress?: string;
  readonly state: CallState;
  /** Where it stands in the turn's text: how many UTF-16 units of that came before it. */
  readonly at: number;
  /** It runs in the program of whoever asked, not on the server. */
  readonly runs?: "client";
  /** When its approval, or its run in a client, expires; milliseconds since the epoch. */
  readonly until?: number;
  /** Who granted or denied it, and what they said. */
  readonly by?: string;
  readonly reason?: string;
  /** What it gave, or why it gave nothing. */
  readonly result?: string;
  /** Milliseconds since the epoch. */
  readonly startedAt?: number;
  readonly endedAt?: number;
}

/** Whether there is still something to come of it. */
export const isOpenCall = ({ state }: CallView): boolean => state === "running" || state === "waiting";

/** Whether nothing but people can bring a turn with these calls on: some are undecided, or run in a client, and none runs here. */
export const waitForPeople = (calls: readonly CallView[] = []): boolean =>
  calls.some(isUndecided) && !calls.some((call) => call.state === "running" && !isUndecided(call));

/** A call that waits for an approval, or for the program of whoever asked. */
export const isUndecided = ({ runs, state }: CallView): boolean =>
  state === "waiting" || (state === "running" && runs === "client");
