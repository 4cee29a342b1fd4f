import type { Code } from "@colloquy/protocol";
import type { WorkerLink } from "../worker-desk.ts";
import { isSilent, newHand, type Hand } from "./hand.ts";
import { isOpen, settle, type OpenPrompt } from "./open-prompt.ts";
import { hasRoom, letGo, type Seat } from "./seat.ts";

// How prompts come into the hands of workers, and out of them again. Whoever hears of it may call back in here at once.

const send = (seat: Seat, hand: Hand): void => {
  hand.given = true;
  if (hand.prompt.frame) seat.link?.send(hand.prompt.frame);
};

const give = (seat: Seat, prompt: OpenPrompt): void => {
  const { name: model, about } = seat;
  prompt.asked.add(model);
  const hand = newHand(prompt);
  seat.hands.set(prompt.id, hand);
  prompt.hear({ type: "asked", model, ...(about !== undefined && { about }) });
  // Whoever hears may have no use for it any more, and taken it back already.
  if (seat.hands.get(prompt.id) === hand) send(seat, hand);
};

/** Gives a prompt to a worker that has not had it: now, or when it has room. */
export const offer = (prompt: OpenPrompt, seat: Seat): void => {
  if (!isOpen(prompt) || prompt.asked.has(seat.name) || seat.waiting.has(prompt)) return;
  if (hasRoom(seat)) {
    give(seat, prompt);
  } else {
    seat.waiting.add(prompt);
    prompt.waitingFor += 1;
  }
};

/** A prompt need not wait for this worker. */
export const unwait = (seat: Seat, prompt: OpenPrompt): void => {
  if (seat.waiting.delete(prompt)) prompt.waitingFor -= 1;
};

/** A worker has room again: what waited for it comes in order. */
export const fill = (seat: Seat): void => {
  for (const prompt of seat.waiting) {
    if (!hasRoom(seat)) return;
    unwait(seat, prompt);
    give(seat, prompt);
    settle(prompt);
  }
};

/** The worker does not answer this prompt any more. */
export const lose = (seat: Seat, hand: Hand, code: Code): void => {
  seat.hands.delete(hand.prompt.id);
  hand.prompt.hear({ type: "lost", model: seat.name, code });
};

/** The worker is not to answer this prompt any more. */
export const takeBack = (seat: Seat, hand: Hand, type: "stand_down" | "stop"): void => {
  const { id } = hand.prompt;
  if (!hand.given) {
    seat.hands.delete(id);
    return;
  }
  letGo(seat, hand);
  seat.link?.send({ type, id });
  fill(seat);
};

/**
 * A worker is here, perhaps again. It goes on with what it still has in hand. What it no longer knows of it is asked again if it
 * had said nothing of it; an answer that was begun can be nobody else's, and is lost.
 */
export const welcome = (seat: Seat, link: WorkerLink, inHand: ReadonlySet<string>): void => {
  const again: Hand[] = [];
  for (const [id, hand] of seat.hands) {
    if (inHand.has(id)) continue;
    if (isSilent(hand)) again.push(hand);
    else lose(seat, hand, "worker_lost");
  }
  const kept = [...seat.hands].filter(([id]) => inHand.has(id));
  const places = kept.map(([id, { have }]) => ({ id, offset: have }));
  link.send({ type: "registered", name: seat.name, in_hand: places });
  for (const hand of again) if (seat.hands.has(hand.prompt.id)) send(seat, hand);
  fill(seat);
};

/** The worker does not come back: what it had and what waited for it must do without it. */
export const dismiss = (seat: Seat): void => {
  seat.endGrace();
  seat.link = undefined;
  for (const hand of seat.hands.values()) lose(seat, hand, "worker_lost");
  for (const prompt of seat.waiting) {
    unwait(seat, prompt);
    settle(prompt);
  }
};
