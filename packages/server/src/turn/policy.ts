/** What happens to a prompt that comes while a turn runs in its conversation. */
export type Policy =
  | "queue"
  | "reject"
  | "interrupt"
  /** So many turns run at a time, and so many prompts may wait (as many as with `queue` when left out). */
  | { readonly parallel: number; readonly waiting?: number };

/** Prompts that may wait in a conversation, unless its policy says otherwise. */
const maxQueued = 10;

/** Turns of a conversation that may wait for somebody at a time: readers keep their places in all of their texts. */
const maxResting = 32;

export type Admission = "run" | "queue" | "interrupt" | "queue_full" | "turn_running";

/**
 * Decides about a prompt. Pure.
 *
 * @param running turns that hold the lane (a waiting turn does not)
 * @param waiting prompts that are in the queue
 * @param resting turns that wait for somebody, or have just been decided
 */
export const admit = (policy: Policy, running: number, waiting: number, resting = 0): Admission => {
  if (resting >= maxResting) return "queue_full";
  const lanes = typeof policy === "object" ? policy.parallel : 1;
  if (running < lanes && waiting === 0) return "run";
  if (policy === "reject") return "turn_running";
  const room = typeof policy === "object" ? (policy.waiting ?? maxQueued) : maxQueued;
  if (waiting >= room) return "queue_full";
  return policy === "interrupt" ? "interrupt" : "queue";
};

/** How many turns a policy lets run at a time. */
export const lanesOf = (policy: Policy): number => (typeof policy === "object" ? policy.parallel : 1);
