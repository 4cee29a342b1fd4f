import type { NewEntry, PromptEntry } from "@colloquy/protocol";
import { toColloquyError, ColloquyError } from "../kernel/colloquy-error.ts";
import type { Assistant } from "../turn/assistant.ts";
import { admit, lanesOf } from "../turn/policy.ts";
import { queued, transition, type TurnState } from "../turn/turn-state.ts";
import { activeTurn, type ActiveTurn } from "./active-turn.ts";

/** What a lane needs of its conversation. */
export interface LaneHost {
  /** Runs one attempt of a turn; resolves when its end is durable. */
  run(turn: ActiveTurn, attempt: number): Promise<void>;
  appendSurely(entries: readonly NewEntry[]): Promise<unknown>;
  /** The end of a turn is durable; of one that runs, `run` says so itself. */
  over(turn: number): void;
  now(): number;
  /** Every change of a turn's state, for counting: undefined is before the first and after one that was given up. */
  moved(from: TurnState | undefined, to: TurnState | undefined): void;
  failed(turn: ActiveTurn, error: ColloquyError): void;
}

/**
 * The turns of one conversation: which run, which wait for their place. Places are taken before a prompt is durable and
 * given back if it is refused, so that two prompts never take the same place.
 */
export class Lane {
  readonly #host: LaneHost;
  readonly #turns = new Map<number, ActiveTurn>();
  #queue: ActiveTurn[] = [];
  /** Places taken in the lane and in the queue, also by prompts that are not durable yet. */
  #running = 0;
  #waiting = 0;
  #draining = false;

  constructor(host: LaneHost) {
    this.#host = host;
  }

  get idle(): boolean {
    return this.#turns.size === 0 && this.#running === 0 && this.#waiting === 0;
  }

  turns(): readonly ActiveTurn[] {
    return [...this.#turns.values()];
  }

  find(promptId: string): ActiveTurn | undefined {
    return this.turns().find((turn) => turn.prompt.id === promptId);
  }

  /** Turns that run or are just about to; those that wait hold nothing up. */
  holders(): readonly ActiveTurn[] {
    return this.turns().filter((turn) => turn.state.phase !== "waiting" && !this.#queue.includes(turn));
  }

  /**
   * Takes a place for a prompt, or throws `queue_full` or `turn_running`. `run`: its first attempt begins at once;
   * `interrupt`: it is to be the next one, and those that run are to be stopped.
   */
  reserve(assistant: Assistant): "run" | "queue" | "interrupt" {
    const admission = admit(assistant.policy, this.#running, this.#waiting);
    if (admission === "queue_full" || admission === "turn_running") throw new ColloquyError(admission);
    if (admission === "run") this.#running += 1;
    else this.#waiting += 1;
    return admission;
  }

  /** The prompt was refused after all. */
  giveBack(place: "run" | "queue" | "interrupt"): void {
    if (place === "run") this.#running -= 1;
    else this.#waiting -= 1;
    this.#next();
  }

  /** The prompt is durable: it runs or waits in the place that it took. */
  take(place: "run" | "queue" | "interrupt", prompt: PromptEntry, assistant: Assistant): ActiveTurn {
    const turn = this.#hold(prompt, assistant, queued);
    if (place === "run") this.#first(turn);
    else {
      if (place === "interrupt") this.#queue.unshift(turn);
      else this.#queue.push(turn);
      this.#next();
    }
    return turn;
  }

  #hold(prompt: PromptEntry, assistant: Assistant, state: TurnState): ActiveTurn {
    const turn = activeTurn(prompt, assistant, state);
    this.#turns.set(prompt.n, turn);
    this.#host.moved(undefined, state);
    return turn;
  }

  /** A turn of an earlier process: waits for its place, or goes on waiting for an approval. */
  adopt(prompt: PromptEntry, assistant: Assistant, as: "queued" | "waiting"): ActiveTurn {
    const turn = this.#hold(prompt, assistant, as === "queued" ? queued : { phase: "waiting", attempt: 1 });
    if (as === "queued") {
      this.#waiting += 1;
      this.#queue.push(turn);
    }
    return turn;
  }

  /** A turn of an earlier process whose next attempt is in the log already. */
  resume(prompt: PromptEntry, assistant: Assistant, attempt: number): ActiveTurn {
    const turn = this.#hold(prompt, assistant, queued);
    this.#running += 1;
    this.#start(turn, attempt);
    return turn;
  }

  /** Starts what may run. */
  proceed(): void {
    this.#next();
  }

  /** Stops a turn; resolves when its end is durable. */
  async stop(turn: ActiveTurn, reason: ColloquyError): Promise<void> {
    const place = this.#queue.indexOf(turn);
    if (place >= 0) {
      this.#queue.splice(place, 1);
      this.#waiting -= 1;
    }
    const stopped = turn.controller.signal.aborted;
    if (!stopped && (place >= 0 || turn.state.phase === "waiting")) {
      turn.controller.abort(reason);
      const by = reason.detail;
      await this.#host.appendSurely([
        {
          kind: "turn-end",
          turn: turn.prompt.n,
          at: this.#host.now(),
          end: "cancelled",
          code: "cancelled",
          ...(by !== undefined && { by }),
        },
      ]);
      this.#settle(turn, reason);
      this.#host.over(turn.prompt.n);
      return;
    }
    turn.controller.abort(reason);
    await turn.ended.promise;
  }

  /** No turn starts from now on; resolves when none runs. */
  async drain(): Promise<void> {
    this.#draining = true;
    for (;;) {
      const running = this.turns().filter((turn) => turn.state.phase === "running");
      if (running.length === 0) return;
      await Promise.allSettled(running.map((turn) => turn.ended.promise));
    }
  }

  #next(): void {
    for (;;) {
      const turn = this.#queue[0];
      if (!turn || this.#draining || this.#running >= lanesOf(turn.assistant.policy)) return;
      this.#queue.shift();
      this.#waiting -= 1;
      this.#running += 1;
      void this.#begin(turn);
    }
  }

  /** The attempt is in the log before the model is called. */
  async #begin(turn: ActiveTurn): Promise<void> {
    try {
      await this.#host.appendSurely([
        { kind: "note", about: "attempt", attempt: 1, turn: turn.prompt.n, at: this.#host.now() },
      ]);
    } catch (thrown) {
      this.#running -= 1;
      this.#abandon(turn, toColloquyError(thrown));
      return;
    }
    this.#first(turn);
  }

  /** Starts the first attempt; while draining the turn is left to the next start instead, unless it was stopped. */
  #first(turn: ActiveTurn): void {
    if (!this.#draining || turn.controller.signal.aborted) {
      this.#start(turn, 1);
      return;
    }
    this.#running -= 1;
    this.#waiting += 1;
    this.#queue.unshift(turn);
  }

  #start(turn: ActiveTurn, attempt: number): void {
    this.#move(turn, { type: "start", attempt });
    void this.#host
      .run(turn, attempt)
      .then(
        () => this.#settle(turn, turn.controller.signal.reason),
        (thrown: unknown) => this.#abandon(turn, toColloquyError(thrown)),
      )
      .finally(() => {
        this.#running -= 1;
        this.#next();
      });
  }

  #move(turn: ActiveTurn, event: Parameters<typeof transition>[1]): void {
    const from = turn.state;
    turn.state = transition(from, event);
    if (turn.state !== from) this.#host.moved(from, turn.state);
  }

  #settle(turn: ActiveTurn, reason: unknown): void {
    const code = reason instanceof ColloquyError ? reason.code : undefined;
    const end = code === undefined ? "completed" : code === "cancelled" ? "cancelled" : "failed";
    this.#move(turn, { type: "end", end, ...(code !== undefined && { code }) });
    this.#turns.delete(turn.prompt.n);
    turn.ended.resolve();
  }

  /** Its end could not be written by us: another writer has taken over. It is forgotten, not ended. */
  #abandon(turn: ActiveTurn, error: ColloquyError): void {
    this.#turns.delete(turn.prompt.n);
    this.#host.moved(turn.state, undefined);
    this.#host.failed(turn, error);
    turn.ended.reject(error);
  }
}
