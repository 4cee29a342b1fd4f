import type { ActiveTurn } from "./active-turn.ts";

/** Turns that wait for their place: those that ran before and were decided meanwhile, then those that have not begun. */
export class TurnQueue {
  readonly #turns: ActiveTurn[] = [];

  get first(): ActiveTurn | undefined {
    return this.#turns[0];
  }

  has(turn: ActiveTurn): boolean {
    return this.#turns.includes(turn);
  }

  push(turn: ActiveTurn): void {
    this.#turns.push(turn);
  }

  /** Before all others. */
  unshift(turn: ActiveTurn): void {
    this.#turns.unshift(turn);
  }

  /** Behind those that were decided before it, and before all that have not begun. */
  putDecided(turn: ActiveTurn): void {
    const place = this.#turns.findIndex(({ state }) => state.phase !== "waiting");
    this.#turns.splice(place < 0 ? this.#turns.length : place, 0, turn);
  }

  /** False when it was not there. */
  remove(turn: ActiveTurn): boolean {
    const place = this.#turns.indexOf(turn);
    if (place >= 0) this.#turns.splice(place, 1);
    return place >= 0;
  }
}
