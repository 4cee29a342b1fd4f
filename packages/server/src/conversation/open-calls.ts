import type { Code, Entry, NewEntry, PromptEntry } from "@colloquy/protocol";
import { ColloquyError, toColloquyError } from "../kernel/colloquy-error.ts";
import { callStates, isAwaited, resultEntry, type CallState } from "../turn/call-states.ts";
import { cutText } from "../turn/cut-text.ts";
import type { ActiveTurn } from "./active-turn.ts";
import type { ClientResult, Decision } from "./conversations.ts";
import type { Surroundings } from "./surroundings.ts";
import type { MakeEntries } from "./writer.ts";

export interface OpenCallsOptions {
  readonly conversation: string;
  readonly surroundings: Surroundings;
  /** Rejects when the store refuses. */
  readonly append: (make: MakeEntries) => Promise<unknown>;
  /** Tries until the store takes it. */
  readonly appendSurely: (make: MakeEntries) => Promise<unknown>;
  /** Nothing of a turn's calls is awaited any more. */
  readonly decided: (turn: ActiveTurn) => void;
}

/** Length of a result from a client whose tool is not known any more, UTF-16 code units. */
const usualResultChars = 64 * 1024;
const maxReason = 1_000;

/**
 * The turns of one conversation that have not ended, and what outsiders say to their calls: whoever approves, clients that run
 * them, the deadline. What is so is only what the log says; each word is looked at against it just when it is appended, one
 * after the other in a turn, so that every call ends once (P10) and the first decision counts.
 */
export class OpenCalls {
  readonly #options: OpenCallsOptions;
  readonly #turns = new Map<number, ActiveTurn>();
  /** Ends the waits for deadlines, by call. */
  readonly #alarms = new Map<string, () => void>();
  /** The last of the changes that are under way, by turn. */
  readonly #changes = new Map<number, Promise<unknown>>();

  constructor(options: OpenCallsOptions) {
    this.#options = options;
  }

  turns(): Iterable<ActiveTurn> {
    return this.#turns.values();
  }

  /** Follows a turn from now on, with the calls that it brings from an earlier process. */
  hold(turn: ActiveTurn): void {
    this.#turns.set(turn.prompt.n, turn);
    for (const state of callStates(turn.entries)) this.#watch(turn, state);
  }

  release(turn: ActiveTurn): void {
    this.#turns.delete(turn.prompt.n);
    for (const { call } of callStates(turn.entries)) this.#unwatch(call.callId);
  }

  /** Entries that have just become durable. */
  added(entries: readonly Entry[]): void {
    const touched = new Set<ActiveTurn>();
    for (const entry of entries) {
      const turn =
        entry.kind === "prompt" || entry.turn === undefined ? undefined : this.#turns.get(entry.turn);
      if (!turn) continue;
      turn.entries.push(entry);
      if (entry.kind === "tool-call" || entry.kind === "approval" || entry.kind === "tool-result")
        touched.add(turn);
    }
    for (const turn of touched) {
      const states = callStates(turn.entries);
      for (const state of states) this.#watch(turn, state);
      if (!states.some(isAwaited)) this.#options.decided(turn);
    }
  }

  /** @param may whether the decider may decide about the calls of a prompt by this author */
  async decide(user: string, may: (author: string) => boolean, decision: Decision): Promise<void> {
    const { callId, verdict } = decision;
    const reason = decision.reason?.slice(0, maxReason).toWellFormed();
    const turn = await this.#turnOf(callId, may);
    await this.#change(turn, callId, ({ call, approval }) => {
      if (approval === undefined) return "no_such_call";
      const { name } = call;
      const at = this.#now();
      const about = { kind: "approval" as const, turn: call.turn, callId, name, by: user, at };
      const said = { ...about, state: verdict, ...(reason && { reason }) };
      if (verdict === "granted") return [said];
      const told = reason ? `The call was denied: ${reason}` : "The call was denied.";
      return [said, resultEntry(call, at, "denied", told)];
    });
  }

  /** @param may whether it is for this author's clients that the result counts */
  async settle(may: (author: string) => boolean, { callId, outcome, content }: ClientResult): Promise<void> {
    const turn = await this.#turnOf(callId, may);
    const told = cutText(content, resultChars(turn, callId));
    await this.#change(turn, callId, ({ call }) =>
      call.runs === "client" ? [resultEntry(call, this.#now(), outcome, told)] : "no_such_call",
    );
  }

  /** A turn's end, with what must be said before it. */
  async end(turn: ActiveTurn, make: () => readonly NewEntry[]): Promise<void> {
    await this.#inTurn(turn.prompt.n, () => this.#options.appendSurely(make));
  }

  #now(): number {
    return this.#options.surroundings.clock.now();
  }

  /** The call's turn, if it has not ended. Says nothing of calls to those who may not decide about them. */
  async #turnOf(callId: string, may: (author: string) => boolean): Promise<ActiveTurn> {
    const n = Number(/^call_([1-9]\d{0,14})_[1-9]\d{0,5}$/.exec(callId)?.[1] ?? 0);
    const turn = this.#turns.get(n);
    const { conversation, surroundings } = this.#options;
    const entries = turn?.entries ?? (n > 0 ? await surroundings.store.readTurn(conversation, n) : []);
    const isPrompt = (entry: Entry): entry is PromptEntry => entry.kind === "prompt";
    const prompt = turn?.prompt ?? entries.find(isPrompt);
    const made = entries.some((entry) => entry.kind === "tool-call" && entry.callId === callId);
    if (!prompt || !made) throw new ColloquyError("no_such_call");
    if (!may(prompt.author)) throw new ColloquyError("not_allowed");
    if (!turn) throw new ColloquyError("already_decided");
    return turn;
  }

  /** Appends what `say` gives of a call that is awaited just then, or throws the code that it gives. */
  async #change(
    turn: ActiveTurn,
    callId: string,
    say: (state: CallState) => Code | readonly NewEntry[],
  ): Promise<void> {
    const found: { refusal?: Code } = {};
    await this.#inTurn(turn.prompt.n, () =>
      this.#options.append(() => {
        delete found.refusal;
        const state = callStates(turn.entries).find(({ call }) => call.callId === callId);
        const said = state ? say(state) : "no_such_call";
        if (typeof said !== "string" && state && isAwaited(state) && !this.#isOver(state)) return said;
        found.refusal = typeof said === "string" ? said : "already_decided";
        return [];
      }),
    );
    if (found.refusal) throw new ColloquyError(found.refusal);
  }

  #isOver({ call }: CallState): boolean {
    return call.until !== undefined && call.until <= this.#now();
  }

  /** One change of a turn's calls after the other. */
  #inTurn<T>(turn: number, change: () => Promise<T>): Promise<T> {
    const before = this.#changes.get(turn) ?? Promise.resolve();
    const made = before.then(change);
    const settled = made.then(
      () => {},
      () => {},
    );
    this.#changes.set(turn, settled);
    void settled.then(() => {
      if (this.#changes.get(turn) === settled) this.#changes.delete(turn);
    });
    return made;
  }

  #watch(turn: ActiveTurn, state: CallState): void {
    const { callId, until } = state.call;
    if (!isAwaited(state) || until === undefined) return this.#unwatch(callId);
    if (this.#alarms.has(callId)) return undefined;
    const { deadlines, logger } = this.#options.surroundings;
    const ring = (): void => {
      this.#expire(turn, callId).catch((thrown: unknown) => {
        const about = { err: toColloquyError(thrown), conversation: this.#options.conversation, callId };
        logger.error(about, "a call could not be ended in time");
      });
    };
    this.#alarms.set(callId, deadlines.alarm(until, ring));
    return undefined;
  }

  #unwatch(callId: string): void {
    this.#alarms.get(callId)?.();
    this.#alarms.delete(callId);
  }

  /** Nobody said anything in time. @param rung its time has come, though the system's clock may have been put back since */
  async #expire(turn: ActiveTurn, rung: string): Promise<void> {
    await this.#inTurn(turn.prompt.n, () =>
      this.#options.appendSurely(() =>
        callStates(turn.entries).flatMap((state) =>
          isAwaited(state) && (state.call.callId === rung || this.#isOver(state))
            ? expiry(state, this.#now())
            : [],
        ),
      ),
    );
  }
}

const expiry = ({ call }: CallState, at: number): readonly NewEntry[] => {
  const { turn, callId, name } = call;
  if (call.runs === "client") return [resultEntry(call, at, "expired", "No result came in time.")];
  return [
    { kind: "approval", state: "expired", turn, callId, name, at },
    resultEntry(call, at, "expired", "Nobody approved the call in time. It was not run."),
  ];
};

const resultChars = ({ assistant, entries }: ActiveTurn, callId: string): number => {
  const call = entries.find((entry) => entry.kind === "tool-call" && entry.callId === callId);
  const name = call?.kind === "tool-call" ? call.name : "";
  return assistant.tools?.().find((tool) => tool.name === name)?.resultChars ?? usualResultChars;
};
