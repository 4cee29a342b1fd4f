import { closeCodes } from "@colloquy/protocol";
import type { Clock } from "../kernel/clock.ts";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import type { Ids } from "../kernel/ids.ts";
import type { Asking, Panel } from "./panel.ts";
import type { WorkerDesk } from "./worker-desk.ts";
import { dismiss, offer, takeBack, unwait, welcome } from "./workers/giving.ts";
import type { Hand } from "./workers/hand.ts";
import { createWordHearer } from "./workers/hear-word.ts";
import { endAbsence, isOpen, openPrompt, settle, type OpenPrompt } from "./workers/open-prompt.ts";
import { newSeat, type Seat } from "./workers/seat.ts";

export interface WorkerPanelOptions {
  readonly clock: Clock;
  readonly ids: Ids;
  /** How long a worker whose connection broke keeps its place and its prompts, milliseconds; 5,000 when not given. */
  readonly graceMs?: number;
  /** How long a prompt waits for a first worker when there is none, milliseconds; 0 when not given. */
  readonly absenceMs?: number;
  /** Further workers are refused; 256 when not given. */
  readonly maxWorkers?: number;
  /** Prompts that may be before the panel at once; further ones are put before nobody. 10,000 when not given. */
  readonly maxPrompts?: number;
  /** A longer answer is cut off, UTF-16 code units; 1,048,576 when not given. */
  readonly maxAnswerLength?: number;
  /** Names that other models of the same contest have already. */
  readonly isTaken?: (name: string) => boolean;
}

/** A worker, as those who look on see it. */
export interface WorkerView {
  readonly name: string;
  readonly about?: string;
  readonly concurrency: number;
  /** Prompts that it has in hand. */
  readonly busy: number;
  /** False while it is away and may come back. */
  readonly connected: boolean;
}

export interface WorkerPanel extends Panel, WorkerDesk {
  workers(): readonly WorkerView[];
  /** Gives up on all workers; what they had in hand is lost. Their links are the gateway's to close. May be called twice. */
  close(): Promise<void>;
}

/**
 * The workers that have registered, as one panel: a prompt goes to all of them at the same moment, to those that are full
 * or away as soon as they have room or are back, and to those that come while it is open. A worker whose connection broke
 * has a while to come back: then it goes on where it was, or is asked again if it had said nothing.
 */
export const createWorkerPanel = (options: WorkerPanelOptions): WorkerPanel => {
  const { clock, ids } = options;
  const {
    graceMs = 5_000,
    absenceMs = 0,
    maxWorkers = 256,
    maxPrompts = 10_000,
    maxAnswerLength = 1024 * 1024,
    isTaken = () => false,
  } = options;
  const seats = new Map<string, Seat>();
  /** In the order in which they were asked. */
  const open = new Set<OpenPrompt>();
  let closed = false;

  const remove = (seat: Seat): void => {
    if (seats.get(seat.name) === seat) seats.delete(seat.name);
    dismiss(seat);
  };

  const put = (prompt: OpenPrompt): void => {
    if (!isOpen(prompt)) return;
    if (seats.size === 0 && absenceMs > 0 && !closed) {
      prompt.endAbsence = clock.after(absenceMs, () => {
        endAbsence(prompt);
        settle(prompt);
      });
    }
    for (const seat of seats.values()) offer(prompt, seat);
    settle(prompt);
  };

  /** It says nothing of its cost any more: what it said is counted. */
  const tellSpent = ({ name: model }: Seat, { prompt, pieces }: Hand): void => {
    const usage = { inputTokens: 0, outputTokens: pieces, estimated: true };
    if (pieces > 0) prompt.hear({ type: "spent", model, usage });
  };

  const standDown = (prompt: OpenPrompt, model: string): void => {
    const seat = seats.get(model);
    const hand = seat?.hands.get(prompt.id);
    if (!seat || !hand) return;
    tellSpent(seat, hand);
    takeBack(seat, hand, "stand_down");
  };

  const over = (prompt: OpenPrompt): void => {
    if (!open.delete(prompt)) return;
    endAbsence(prompt);
    prompt.frame = undefined;
    for (const seat of seats.values()) {
      unwait(seat, prompt);
      const hand = seat.hands.get(prompt.id);
      if (!hand) continue;
      tellSpent(seat, hand);
      takeBack(seat, hand, "stop");
    }
  };

  const hearWord = createWordHearer(maxAnswerLength);

  return {
    ask(request, hear): Asking {
      const prompt = openPrompt(ids.next(), request, hear);
      // After the caller has what we return.
      if (open.size < maxPrompts && !closed) {
        open.add(prompt);
        queueMicrotask(() => put(prompt));
      } else {
        queueMicrotask(() => hear({ type: "all-asked" }));
      }
      return { standDown: (model) => standDown(prompt, model), over: () => over(prompt) };
    },

    register(link, registration) {
      const { name, owner, about, concurrency, inHand } = registration;
      if (closed) throw new ColloquyError("draining");
      const known = seats.get(name);
      if (isTaken(name) || (known && known.owner !== owner))
        throw new ColloquyError("not_allowed", { message: "Another model has that name." });
      if (!known && seats.size >= maxWorkers)
        throw new ColloquyError("too_many_connections", { message: "Too many workers." });
      const seat = known ?? newSeat(registration);
      const old = seat.link;
      seats.set(name, seat);
      seat.endGrace();
      seat.link = link;
      seat.about = about;
      seat.concurrency = concurrency;
      old?.close(closeCodes.notAllowed, "Another connection has registered under this name.");
      welcome(seat, link, new Set(inHand));
      for (const prompt of open) {
        endAbsence(prompt);
        offer(prompt, seat);
        settle(prompt);
      }
      return {
        hear(frame) {
          if (seat.link === link) hearWord(seat, link, frame);
        },
        gone(left) {
          if (seat.link !== link) return;
          seat.link = undefined;
          if (left) remove(seat);
          else seat.endGrace = clock.after(graceMs, () => remove(seat));
        },
      };
    },

    workers: () =>
      Array.from(seats.values(), ({ name, about, concurrency, hands, link }) => ({
        name,
        ...(about !== undefined && { about }),
        concurrency,
        busy: hands.size,
        connected: link !== undefined,
      })),

    close() {
      closed = true;
      for (const seat of seats.values()) remove(seat);
      for (const prompt of open) {
        endAbsence(prompt);
        settle(prompt);
      }
      return Promise.resolve();
    },
  };
};
