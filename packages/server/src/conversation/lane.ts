import type { Entry, PromptEntry } from "@colloquy/protocol";
import { toColloquyError, ColloquyError } from "../kernel/colloquy-error.ts";
import type { Assistant } from "../turn/assistant.ts";
import { callStates, isAwaited } from "../turn/call-states.ts";
import { admit, lanesOf } from "../turn/policy.ts";
import { endOf, queued as atFirst, transition, type TurnState } from "../turn/turn-state.ts";
import { activeTurn, attemptNote, type ActiveTurn } from "./active-turn.ts";
import type { LaneHost } from "./lane-host.ts";
import { TurnQueue } from "./turn-queue.ts";

/**
 * The turns of one conversation: which run, which wait for their place. Places are taken before a prompt is durable and
 * given back if it is refused, so that two prompts never take the same place.
 */
export class Lane {
  readonly #host: LaneHost;
  readonly #turns = new Map<number, ActiveTurn>();
  readonly #queue = new TurnQueue();
  /** Places taken in the lane and in the queue, also by prompts that are not durable yet. */
  #running = 0;
  #waiting = 0;
  /** Turns that wait for somebody, or were decided and have not run on yet. */
  #resting = 0;
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
    return this.turns().filter((turn) => turn.state.phase !== "waiting" && !this.#queue.has(turn));
  }

  /**
   * Takes a place for a prompt, or throws `queue_full` or `turn_running`. `run`: its first attempt begins at once;
   * `interrupt`: it is to be the next one, and those that run are to be stopped.
   */
  reserve(assistant: Assistant): "run" | "queue" | "interrupt" {
    const admission = admit(assistant.policy, this.#running, this.#waiting, this.#resting);
    if (admission === "queue_full" || admission === "turn_running") throw new ColloquyError(admission);
    if (admission === "run") this.#running += 1;
    else this.#waiting += 1;
    return admission;
  }

  /** The prompt was refused after all. */
  giveBack(place: "run" | "queue" | "interrupt"): void {
    if (place === "run") this.#running -= 1;
    else this.#waiting -= 1;
    this.proceed();
  }

  /** The prompt is durable: it runs or waits in the place that it took. */
  take(place: "run" | "queue" | "interrupt", prompt: PromptEntry, assistant: Assistant): ActiveTurn {
    const turn = this.#hold(activeTurn(prompt, assistant, atFirst));
    if (place === "run") this.#first(turn);
    else {
      if (place === "interrupt") this.#queue.unshift(turn);
      else this.#queue.push(turn);
      this.proceed();
    }
    return turn;
  }

  #hold(turn: ActiveTurn): ActiveTurn {
    this.#turns.set(turn.prompt.n, turn);
    this.#moved(turn, undefined, turn.state);
    return turn;
  }

  /** A turn of an earlier process that waits for its place. */
  adopt(prompt: PromptEntry, assistant: Assistant): void {
    this.#waiting += 1;
    this.#queue.push(this.#hold(activeTurn(prompt, assistant, atFirst)));
  }

  /** A turn of an earlier process that waits for somebody; one that has been decided meanwhile goes to the head of the queue. */
  adoptWaiting(prompt: PromptEntry, assistant: Assistant, attempt: number, entries: readonly Entry[]): void {
    this.#line(this.#hold(activeTurn(prompt, assistant, { phase: "waiting", attempt }, entries)));
  }

  /** Nothing of a turn's calls is awaited any more: if it waits for that, it is the next to run. */
  decided(turn: ActiveTurn): void {
    this.#line(turn);
    this.proceed();
  }

  /** Those that were decided first go first, and before all that has not begun. */
  #line(turn: ActiveTurn): void {
    if (turn.state.phase !== "waiting" || turn.controller.signal.aborted || this.#queue.has(turn)) return;
    if (callStates(turn.entries).some(isAwaited)) return;
    this.#queue.putDecided(turn);
    this.#waiting += 1;
  }

  /** A turn of an earlier process whose next attempt is in the log already. */
  resume(prompt: PromptEntry, assistant: Assistant, attempt: number): ActiveTurn {
    const turn = this.#hold(activeTurn(prompt, assistant, atFirst));
    this.#running += 1;
    this.#start(turn, attempt);
    return turn;
  }

  /** Stops a turn; resolves when its end is durable. */
  async stop(turn: ActiveTurn, reason: ColloquyError): Promise<void> {
    const queued = this.#queue.remove(turn);
    if (queued) this.#waiting -= 1;
    const stopped = turn.controller.signal.aborted;
    if (!stopped && (queued || turn.state.phase === "waiting")) {
      turn.controller.abort(reason);
      await this.#close(turn, reason);
      return;
    }
    turn.controller.abort(reason);
    await turn.ended.promise;
  }

  async #close(turn: ActiveTurn, reason: ColloquyError): Promise<void> {
    try {
      await this.#host.close(turn, reason);
    } catch (thrown) {
      this.#abandon(turn, toColloquyError(thrown));
      throw thrown;
    }
    this.#settle(turn, reason);
    this.#host.over(turn.prompt.n);
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

  /** Starts what may run. */
  proceed(): void {
    for (;;) {
      const turn = this.#queue.first;
      if (!turn || this.#draining || this.#running >= lanesOf(turn.assistant.policy)) return;
      this.#queue.remove(turn);
      this.#waiting -= 1;
      this.#running += 1;
      this.#move(turn, { type: "decided" });
      void this.#begin(turn);
    }
  }

  /** That it runs, or runs on, is in the log before the model is called or a tool is run. */
  async #begin(turn: ActiveTurn): Promise<void> {
    const attempt = turn.state.phase === "running" ? turn.state.attempt : undefined;
    try {
      await this.#host.appendSurely([attemptNote(turn.prompt.n, this.#host.now(), attempt)]);
    } catch (thrown) {
      this.#running -= 1;
      this.#abandon(turn, toColloquyError(thrown));
      return;
    }
    if (attempt === undefined) this.#first(turn);
    else this.#start(turn, attempt);
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
        (outcome) =>
          outcome === "ended" ? this.#settle(turn, turn.controller.signal.reason) : this.#rest(turn),
        (thrown: unknown) => this.#abandon(turn, toColloquyError(thrown)),
      )
      .finally(() => {
        this.#running -= 1;
        this.proceed();
      });
  }

  /** It gives up its place until its calls are decided; all of them may be by now, and it may have been stopped. */
  #rest(turn: ActiveTurn): void {
    this.#move(turn, { type: "wait" });
    const { aborted, reason } = turn.controller.signal;
    if (aborted) this.#close(turn, toColloquyError(reason)).catch(() => {});
    else this.#line(turn);
  }

  #move(turn: ActiveTurn, event: Parameters<typeof transition>[1]): void {
    const from = turn.state;
    turn.state = transition(from, event);
    if (turn.state !== from) this.#moved(turn, from, turn.state);
  }

  #moved(turn: ActiveTurn, from: TurnState | undefined, to: TurnState | undefined): void {
    if (from?.phase === "waiting") this.#resting -= 1;
    if (to?.phase === "waiting") this.#resting += 1;
    this.#host.moved(turn, from, to);
  }

  #settle(turn: ActiveTurn, reason: unknown): void {
    this.#move(turn, endOf(reason instanceof ColloquyError ? reason.code : undefined));
    this.#turns.delete(turn.prompt.n);
    turn.ended.resolve();
  }

  /** Another writer has taken over: what waits here is its affair, and those that run find out by themselves. */
  giveUp(error: ColloquyError): void {
    for (const turn of this.turns()) {
      const queued = this.#queue.remove(turn);
      if (queued) this.#waiting -= 1;
      turn.controller.abort(error);
      if (queued || turn.state.phase === "waiting") this.#abandon(turn, error);
    }
  }

  /** Its end could not be written by us: another writer has taken over. It is forgotten, not ended. */
  #abandon(turn: ActiveTurn, error: ColloquyError): void {
    this.#turns.delete(turn.prompt.n);
    this.#moved(turn, turn.state, undefined);
    this.#host.failed(turn, error);
    turn.ended.reject(error);
  }
}
