import type { NewEntry, Usage } from "@colloquy/protocol";
import type { Clock } from "../kernel/clock.ts";
import { ColloquyError, toColloquyError } from "../kernel/colloquy-error.ts";
import type { FinishReason, ModelMessage, ModelRequest } from "../models/model.ts";
import type { Tool } from "../tools/tool.ts";
import type { Assistant } from "./assistant.ts";
import { createCallDesk, maxSteps } from "./call-desk.ts";
import { callStates, cancelledResults } from "./call-states.ts";
import { newProgress, type Deadlines } from "./deadlines.ts";
import { hearModel } from "./hear-model.ts";
import { offeredTools } from "./instructions.ts";
import { createParts, type TextSink } from "./parts.ts";
import { createPen } from "./pen.ts";
import { addUsage, type Spending, spentBefore, usageNote } from "./spending.ts";
import type { TurnLog } from "./turn-log.ts";
import { turnMessages } from "./turn-messages.ts";

/** Makes a request of what the turn has said and done so far. */
export type Ask = (own: readonly ModelMessage[], tools: readonly Tool[]) => ModelRequest;

/** What a turn runs on. What it writes through is handed in: it knows neither store nor readers. */
export interface TurnWork {
  readonly conversation: string;
  readonly turn: number;
  readonly attempt: number;
  /** Whose prompt it is. */
  readonly user: string;
  readonly assistant: Assistant;
  /** Gathers what goes before the turn's own words; reads history, so it may wait or refuse. */
  readonly prepare: (tools: readonly Tool[]) => Promise<Ask>;
  readonly text: TextSink;
  /** Called when `text` grew; hot. */
  readonly grown: () => void;
  readonly log: TurnLog;
  readonly controller: AbortController;
  readonly deadlines: Deadlines;
  readonly clock: Clock;
}

/** How long a model may take to notice that it was stopped, before the turn ends without it. */
const graceMs = 1_000;

/**
 * Runs a turn until it ends or must wait for somebody: calls its model, runs the tools that it calls, calls it again with
 * their results. The end, or that it waits, is durable when this resolves. Whatever happens is an end: a model that fails,
 * hangs, talks too long, calls tools for ever or is stopped (P3), and no call of a tool is left open by it (P10).
 *
 * A turn that waited is run on by calling this again, in this process or a later one: what it needs to know is in its log.
 */
export const runTurn = async (work: TurnWork): Promise<"ended" | "waiting"> => {
  const { assistant, clock, controller, log, turn } = work;
  const { model, limits } = assistant;
  const { signal } = controller;
  const before = spentBefore(log.entries);
  const progress = newProgress(clock.monotonic(), before.ms);
  const unwatch = work.deadlines.watch(progress, limits, (code) => controller.abort(new ColloquyError(code)));
  const pen = createPen((entries) => log.append(entries));
  const now = (): number => clock.now();
  const began = clock.monotonic();
  const ranMs = (): number => Math.round(before.ran + clock.monotonic() - began);
  const parts = createParts({ ...work, model: model.id, entries: log.entries, write: pen.write, now });
  const desk = createCallDesk({ ...work, pen, progress, signal });
  const ear = hearModel({ ...work, model, parts, desk, pen, progress, entries: log.entries });
  let usage: Usage | undefined = before.usage;
  let finish: FinishReason = "other";
  /** What the model is being asked. */
  let asked: ModelRequest | undefined;
  let step = callStates(log.entries).reduce((last, { call }) => Math.max(last, call.step ?? 1), 0);

  const run = async (): Promise<"done" | "rests"> => {
    const ask = await work.prepare(offeredTools(assistant));
    // Stopped before it was asked: a model need not look at the signal before it calls.
    signal.throwIfAborted();
    await desk.runGranted(offeredTools(assistant));
    for (;;) {
      signal.throwIfAborted();
      step += 1;
      const tools = offeredTools(assistant);
      asked = ask(turnMessages(log.entries, { model: model.id }), tools);
      finish = await ear.listen(asked, step, tools);
      usage = addUsage(usage, ear.spent(asked));
      asked = undefined;
      if (desk.madeInStep === 0) return "done";
      await desk.idle();
      signal.throwIfAborted();
      if (step >= maxSteps) throw new ColloquyError("too_many_steps");
      if (desk.rests(step)) return "rests";
    }
  };

  const patience = whenAborted(signal, graceMs, clock);
  let failure: ColloquyError | undefined;
  try {
    if ((await Promise.race([run(), patience.over])) === "rests") {
      const ms = clock.monotonic() - progress.startedAt;
      await pen.write([...parts.seal(), usageNote(turn, now(), { usage, ms, ran: ranMs() })]);
      signal.throwIfAborted();
      return "waiting";
    }
  } catch (thrown) {
    failure = toColloquyError(signal.aborted ? signal.reason : thrown);
    // A turn that fails by itself must not leave its model or its tools at work.
    controller.abort(failure);
  } finally {
    patience.stop();
    unwatch();
  }
  await pen.layDown();
  const last = parts.last(failure === undefined);
  const spent = asked || !usage ? addUsage(usage, ear.spent(asked)) : usage;
  const end = endEntry(turn, model.id, now(), failure, finish, { usage: spent, ran: ranMs() });
  await log.end(() => [...cancelledResults(log.entries, end.at), ...last, end]);
  return "ended";
};

/** How a turn ends, as an entry. `failure` is why it did not complete; nothing was spent where it never ran. */
export const endEntry = (
  turn: number,
  model: string,
  at: number,
  failure: ColloquyError | undefined,
  finish: FinishReason,
  spent?: Pick<Spending, "usage" | "ran">,
): NewEntry => {
  const { usage, ran: ms } = spent ?? {};
  const base = {
    kind: "turn-end" as const,
    turn,
    at,
    model,
    ...(usage && { usage }),
    ...(ms !== undefined && { ms }),
  };
  if (!failure) {
    return {
      ...base,
      end: "completed",
      ...(finish === "length" && { detail: "The model reached its limit of length." }),
    };
  }
  if (failure.code === "cancelled") {
    return {
      ...base,
      end: "cancelled",
      code: "cancelled",
      ...(failure.detail !== undefined && { by: failure.detail }),
    };
  }
  return {
    ...base,
    end: "failed",
    code: failure.code,
    ...(failure.detail !== undefined && { detail: failure.detail }),
  };
};

/** Rejects with the signal's reason a while after it was aborted. */
const whenAborted = (signal: AbortSignal, ms: number, clock: Clock) => {
  const { promise, reject } = Promise.withResolvers<never>();
  let stopTimer = (): void => {};
  const onAbort = (): void => {
    stopTimer = clock.after(ms, () => reject(toColloquyError(signal.reason)));
  };
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  // Nobody may be listening any more when it rejects.
  promise.catch(() => {});
  return {
    over: promise,
    stop: (): void => {
      signal.removeEventListener("abort", onAbort);
      stopTimer();
    },
  };
};
