import type { Usage } from "@colloquy/protocol";
import type { Clock } from "../kernel/clock.ts";
import { ColloquyError, toColloquyError } from "../kernel/colloquy-error.ts";
import { EventQueue } from "../kernel/event-queue.ts";
import type { Model, ModelEvent, ModelRequest } from "../models/model.ts";
import type { Asking, Panel, PanelEvent } from "../models/panel.ts";
import { arbitrate } from "./arbitration.ts";
import {
  newArbitration,
  type Arbitration,
  type ArbitrationPolicy,
  type Verdict,
} from "./arbitration-state.ts";
import { createRecord } from "./contest-record.ts";

export interface SequencerOptions {
  /** `provider:model`, as any model's. */
  readonly id: string;
  readonly panels: readonly Panel[];
  readonly policy: ArbitrationPolicy;
  /** How long models may take to reply, from the moment that the first was asked; milliseconds. */
  readonly deadlineMs: number;
  /** How long a model that has claimed the prompt may say nothing; milliseconds. */
  readonly claimMs: number;
  /** Asked when nobody took the prompt. */
  readonly fallback?: Model;
  readonly contextTokens?: number;
  readonly clock: Clock;
}

/** Text of a reply that a note repeats, UTF-16 code units. */
const notedText = 4_096;

/**
 * A model made of models: asks all of them at the same moment and lets exactly one answer through (P7). The decisions are
 * made by {@link arbitrate}; this plays them out: it asks, hears, stands models down, and accounts for it in notes.
 */
export const createSequencerModel = (options: SequencerOptions): Model => ({
  id: options.id,
  contextTokens: options.contextTokens ?? 128_000,
  async *stream(request, signal) {
    const contest = startContest(options, request);
    const stop = (): void => contest.stop(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    try {
      yield* contest.events;
      if (!contest.unanswered() || !options.fallback) return;
      request.note?.("arbitration", { fallback: options.fallback.id });
      yield* options.fallback.stream(request, signal);
    } finally {
      signal.removeEventListener("abort", stop);
      contest.close();
    }
  },
});

const startContest = (options: SequencerOptions, request: ModelRequest) => {
  const { clock, policy, panels } = options;
  const events = new EventQueue<ModelEvent>({ capacity: Infinity, onDrained: () => {}, onLeft: () => {} });
  const record = createRecord(clock);
  let state: Arbitration = newArbitration(policy);
  let unanswered = false;
  let stopped = false;
  let toAsk = panels.length;
  let stopDeadline = (): void => {};
  let stopClaim = (): void => {};

  const push = (event: ModelEvent): void => events.push(event, 1);

  const carryOut = (verdict: Verdict): void => {
    switch (verdict.do) {
      case "show":
        push({ type: "text", text: verdict.text });
        return;
      case "reply":
        request.reply?.(verdict.model, verdict.text);
        return;
      case "stand-down":
        for (const asking of askings) asking.standDown(verdict.model);
        return;
      case "await-claim":
        stopClaim();
        stopClaim = clock.after(options.claimMs, () =>
          happened({ type: "claim-expired", model: verdict.model, at: 0 }),
        );
        return;
      case "note-late":
        request.note?.("late-reply", {
          model: verdict.model,
          text: verdict.text.slice(0, notedText),
          ms: record.elapsed(),
        });
        return;
      case "end":
        finish(verdict);
        return;
    }
  };

  const finish = ({ code, winner }: Extract<Verdict, { do: "end" }>): void => {
    stopDeadline();
    stopClaim();
    // Of one that was stopped before anybody was asked there is nothing to tell.
    if (state.contestants.size > 0 || !stopped)
      request.note?.("arbitration", record.summary(state, policy, code));
    const usage: Usage | undefined = winner === undefined ? undefined : record.spentBy(winner);
    if (usage) push({ type: "usage", usage });
    // A prompt that nobody took goes to the fallback; one that failed on the way does not.
    unanswered = winner === undefined && (code === "no_model" || code === "no_reply");
    if (code === undefined) push({ type: "finish", reason: "stop" });
    if (code === undefined || (unanswered && options.fallback)) events.end();
    else events.fail(new ColloquyError(code));
    for (const asking of askings) asking.over();
  };

  const happened = (event: Parameters<typeof arbitrate>[1]): void => {
    const decision = arbitrate(state, event);
    state = decision.state;
    for (const verdict of decision.verdicts) carryOut(verdict);
  };

  const hear = (event: PanelEvent): void => {
    const at = record.elapsed();
    record.hear(event, at);
    switch (event.type) {
      case "spent":
        return;
      case "all-asked":
        toAsk -= 1;
        if (toAsk === 0) {
          request.note?.("arbitration", record.asked());
          happened({ type: "all-asked", at });
        }
        return;
      case "asked":
        if (record.begin()) {
          push({ type: "begin" });
          stopDeadline = clock.after(options.deadlineMs, () =>
            happened({ type: "deadline", at: record.elapsed() }),
          );
        }
        happened({ ...event, at });
        return;
      default:
        happened({ ...event, at });
    }
  };

  push({ type: "waiting" });
  const askings: readonly Asking[] = panels.map((panel) => panel.ask(request, hear));
  return {
    events,
    unanswered: (): boolean => unanswered,
    stop(reason: unknown): void {
      stopped = true;
      events.cut(reason);
      // First, so that what the models have spent is known when it is summed up.
      for (const asking of askings) asking.over();
      happened({ type: "stopped", code: toColloquyError(reason).code, at: record.elapsed() });
    },
    close(): void {
      stopDeadline();
      stopClaim();
      for (const asking of askings) asking.over();
    },
  };
};
