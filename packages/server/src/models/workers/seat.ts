import type { WorkerLink, WorkerRegistration } from "../worker-desk.ts";
import type { Hand } from "./hand.ts";
import type { OpenPrompt } from "./open-prompt.ts";

/** The place of a worker, held by its name also while it is away for a moment. */
export interface Seat {
  readonly name: string;
  readonly owner: string;
  about: string | undefined;
  concurrency: number;
  /** Undefined while the worker is away. */
  link: WorkerLink | undefined;
  /** Prompts that it works on, by id. */
  readonly hands: Map<string, Hand>;
  /** Prompts that it need not answer any more, by id, the oldest first: a reply to one of them is only late. */
  readonly late: Map<string, Hand>;
  /** Prompts that it will have when it has room, in the order in which they were asked. */
  readonly waiting: Set<OpenPrompt>;
  /** Ends the waiting for its return. */
  endGrace: () => void;
}

/** Prompts that a worker was told to let go of and whose late replies are still understood. */
const maxLate = 16;

export const newSeat = ({ name, owner, about, concurrency }: WorkerRegistration): Seat => ({
  name,
  owner,
  about,
  concurrency,
  link: undefined,
  hands: new Map(),
  late: new Map(),
  waiting: new Set(),
  endGrace: () => {},
});

export const hasRoom = (seat: Seat): boolean => seat.link !== undefined && seat.hands.size < seat.concurrency;

/** Takes a prompt out of a worker's hand, but remembers it for a while. */
export const letGo = (seat: Seat, hand: Hand): void => {
  const { id } = hand.prompt;
  seat.hands.delete(id);
  seat.late.set(id, hand);
  for (const oldest of seat.late.keys()) {
    if (seat.late.size <= maxLate) break;
    seat.late.delete(oldest);
  }
};
