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
export const createSequencerModel = (options: SequencerOptions): Model => {
  const { fallback } = options;
  return {
    id: options.id,
    contextTokens: options.contextTokens ?? 128_000,
    stream: (request, signal) => ({
      [Symbol.asyncIterator]: () => {
        if (fallback) return withFallback(options, fallback, request, signal);
        return startContest(options, request, signal).events;
      },
    }),
  };
};

async function* withFallback(
  options: SequencerOptions,
  fallback: Model,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent> {
  const contest = startContest(options, request, signal);
  yield* contest.events;
  if (!contest.unanswered()) return;
  request.note?.("arbitration", { fallback: fallback.id });
  yield* fallback.stream(request, signal);
}

/** What only a contest that is not decided needs. */
interface Undecided {
  readonly signal: AbortSignal;
  readonly askings: readonly Asking[];
  readonly stop: () => void;
  stopDeadline?: () => void;
  stopClaim?: () => void;
}

/**
 * Contests are remembered for late replies, thousands of them: what is kept of one that is decided holds neither its request nor
 * the history in it, nor anything else that it was played out with.
 */
const startContest = (options: SequencerOptions, request: ModelRequest, signal: AbortSignal) => {
  const { clock, policy, panels } = options;
  const { note, reply } = request;
  const record = createRecord(clock);
  let state: Arbitration = newArbitration(policy);
  let unanswered = false;
  let stopped = false;
  let toAsk = panels.length;
  let undecided: Undecided | undefined;

  const close = (): void => {
    if (!undecided) return;
    const { askings } = undecided;
    undecided.stopDeadline?.();
    undecided.stopClaim?.();
    undecided.signal.removeEventListener("abort", undecided.stop);
    undecided = undefined;
    for (const asking of askings) asking.over();
  };
  const events = new EventQueue<ModelEvent>({ capacity: Infinity, onDrained: () => {}, onLeft: close });

  const push = (event: ModelEvent): void => events.push(event, 1);

  const carryOut = (verdict: Verdict): void => {
    switch (verdict.do) {
      case "show":
        push({ type: "text", text: verdict.text });
        return;
      case "reply":
        reply?.(verdict.model, verdict.text);
        return;
      case "stand-down":
        for (const asking of undecided?.askings ?? []) asking.standDown(verdict.model);
        return;
      case "await-claim":
        if (!undecided) return;
        undecided.stopClaim?.();
        undecided.stopClaim = clock.after(options.claimMs, () =>
          happened({ type: "claim-expired", model: verdict.model }),
        );
        return;
      case "note-late":
        note?.("late-reply", {
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
    // Of one that was stopped before anybody was asked there is nothing to tell.
    if (state.contestants.length > 0 || !stopped) note?.("arbitration", record.summary(state, policy, code));
    const usage: Usage | undefined = winner === undefined ? undefined : record.spentBy(winner);
    record.forget();
    if (usage) push({ type: "usage", usage });
    // A prompt that nobody took goes to the fallback; one that failed on the way does not.
    unanswered = winner === undefined && (code === "no_model" || code === "no_reply");
    if (code === undefined) push({ type: "finish", reason: "stop" });
    if (code === undefined || (unanswered && options.fallback)) events.end();
    else events.fail(new ColloquyError(code));
    close();
  };

  const happened = (event: Parameters<typeof arbitrate>[1]): void => {
    const decision = arbitrate(state, event);
    state = decision.state;
    for (const verdict of decision.verdicts) carryOut(verdict);
  };

  const hear = (event: PanelEvent): void => {
    record.hear(event);
    if (event.type === "spent") return;
    if (event.type === "all-asked") {
      toAsk -= 1;
      if (toAsk > 0) return;
      note?.("arbitration", record.asked());
    }
    if (event.type === "asked" && undecided && record.begin()) {
      push({ type: "begin" });
      undecided.stopDeadline = clock.after(options.deadlineMs, () => happened({ type: "deadline" }));
    }
    happened(event);
  };

  const stop = (reason: unknown): void => {
    stopped = true;
    events.cut(reason);
    // First, so that what the models have spent is known when it is summed up.
    for (const asking of undecided?.askings ?? []) asking.over();
    happened({ type: "stopped", code: toColloquyError(reason).code });
  };

  push({ type: "waiting" });
  undecided = begin(panels, request, signal, hear, stop);
  if (signal.aborted) undecided.stop();
  return { events, unanswered: (): boolean => unanswered };
};

const begin = (
  panels: readonly Panel[],
  request: ModelRequest,
  signal: AbortSignal,
  hear: (event: PanelEvent) => void,
  stopped: (reason: unknown) => void,
): Undecided => {
  const askings = panels.map((panel) => panel.ask(request, hear));
  const stop = (): void => stopped(signal.reason);
  if (!signal.aborted) signal.addEventListener("abort", stop, { once: true });
  return { signal, askings, stop };
};
