import type { PromptWordFrame, ServerFrame } from "@colloquy/protocol/workers";

/**
 * The way to one worker, which a gateway makes of a socket.
 *
 * Duties. *Never throws*: what is sent to a worker that is gone vanishes, and `WorkerSeat.gone` tells of it. *Bounded*: a
 * worker that does not read is cut, which is as good as gone. *Same frame*: a frame object that is sent to several workers
 * may be encoded once; it is never changed.
 */
export interface WorkerLink {
  send(frame: ServerFrame): void;
  /** Says why, and ends the connection. May call `WorkerSeat.gone` at once. */
  close(code: number, reason: string): void;
}

/** What a worker says of itself. */
export interface WorkerRegistration {
  readonly name: string;
  /** What it is for, a sentence for people. */
  readonly about?: string;
  /** How many prompts it takes at a time, at least 1. */
  readonly concurrency: number;
  /** Ids of prompts that it was given before and still works on. */
  readonly inHand: readonly string[];
  /** Whose worker it is: nobody else's takes its place. */
  readonly owner: string;
}

/** The place of a worker that has registered, for as long as its link lasts. */
export interface WorkerSeat {
  /** Takes what the worker says, in the order in which it said it. Refusals go out over the link. */
  hear(frame: PromptWordFrame): void;
  /** The link is no more. `left`: the worker took its leave and does not come back for its prompts. */
  gone(left: boolean): void;
}

/** Where workers report for work. */
export interface WorkerDesk {
  /**
   * Gives a worker its place; what it has to be told, `registered` first, goes out over the link at once. A worker of the
   * same name and owner that is there already makes room.
   *
   * @throws ColloquyError `not_allowed` when the name is another's, `too_many_connections` when there is no place left,
   * `draining` when the desk is closed
   */
  register(link: WorkerLink, registration: WorkerRegistration): WorkerSeat;
}
