import type { NewEntry, TurnLimits, Usage } from "@colloquy/protocol";
import type { Clock } from "../kernel/clock.ts";
import { ColloquyError, toColloquyError } from "../kernel/colloquy-error.ts";
import type { FinishReason, Model, ModelEvent, ModelRequest } from "../models/model.ts";
import type { Deadlines, Progress } from "./deadlines.ts";
import { estimateTokens } from "./request.ts";

/** Where a turn's text grows; readers see it by and by. */
export interface TextSink {
  readonly resetsMade: readonly number[];
  append(text: string, now: number): void;
  settle(): void;
  /** Nothing more is said. What an earlier attempt said is taken back where a completed one did not repeat it. */
  finish(completed: boolean): void;
  textFrom(offset: number): string;
}

/** What a turn runs on. What it writes through is handed in: it knows neither store nor readers. */
export interface TurnWork {
  readonly turn: number;
  readonly attempt: number;
  readonly model: Model;
  readonly limits: TurnLimits;
  /** Builds the request; reads history, so it may wait or refuse. */
  readonly request: () => Promise<ModelRequest>;
  readonly text: TextSink;
  /** Called when `text` grew; hot. */
  readonly grown: () => void;
  /** Makes entries durable, trying again while the store fails. */
  readonly append: (entries: readonly NewEntry[]) => Promise<void>;
  readonly controller: AbortController;
  readonly deadlines: Deadlines;
  readonly clock: Clock;
}

type Part = { readonly kind: "text" } | { readonly kind: "reasoning"; readonly pieces: string[] };

/** How long a model may take to notice that it was stopped, before the turn ends without it. */
const graceMs = 1_000;

/**
 * Runs one attempt of a turn to its end, which is durable when this resolves. Whatever happens is an end: a model that
 * fails, hangs, talks too long or is stopped (P3).
 */
export const runTurn = async (work: TurnWork): Promise<void> => {
  const { clock, controller, model, turn } = work;
  const progress: Progress = { startedAt: clock.monotonic(), paused: false, lastEventAt: undefined };
  const unwatch = work.deadlines.watch(progress, work.limits, (code) =>
    controller.abort(new ColloquyError(code)),
  );
  const parts = createParts(work);
  let usage: Usage | undefined;
  let finish: FinishReason = "other";
  let counted = 0;
  let bytes = 0;
  let inputTokens = 0;

  /** Gives a promise only where something must be stored first: a piece of an open part costs none. */
  const hear = (event: ModelEvent): Promise<void> | undefined => {
    progress.lastEventAt = clock.monotonic();
    switch (event.type) {
      case "text":
      case "reasoning":
        progress.paused = false;
        counted += 1;
        bytes += Buffer.byteLength(event.text);
        if (bytes > work.limits.answerBytes) throw new ColloquyError("too_long");
        return parts.say(event.type, event.text, progress.lastEventAt);
      case "usage":
        usage = event.usage;
        return undefined;
      case "finish":
        finish = event.reason;
        return undefined;
      case "waiting":
        progress.paused = true;
        return undefined;
      case "begin":
        progress.paused = false;
        progress.startedAt = progress.lastEventAt;
        progress.lastEventAt = undefined;
        return undefined;
      case "decline":
        throw new ColloquyError("no_model");
    }
  };

  const listen = async (): Promise<void> => {
    const request = await work.request();
    // Stopped before it was asked: a model need not look at the signal before it calls.
    controller.signal.throwIfAborted();
    inputTokens = request.messages.reduce((sum, message) => sum + estimateTokens(message.text), 0);
    for await (const event of model.stream(request, controller.signal)) {
      if (controller.signal.aborted) break;
      const stored = hear(event);
      if (stored) await stored;
    }
    controller.signal.throwIfAborted();
    if (finish === "filtered") throw new ColloquyError("provider_filtered");
  };

  const patience = whenAborted(controller.signal, graceMs, clock);
  let failure: ColloquyError | undefined;
  try {
    await Promise.race([listen(), patience.over]);
  } catch (thrown) {
    failure = toColloquyError(controller.signal.aborted ? controller.signal.reason : thrown);
    // A turn that fails by itself must not leave its model talking.
    controller.abort(failure);
  } finally {
    patience.stop();
    unwatch();
  }
  const spent = usage ?? { inputTokens, outputTokens: counted, estimated: true };
  await work.append([
    ...parts.last(failure === undefined),
    endEntry(turn, model.id, clock.now(), failure, finish, spent),
  ]);
};

const endEntry = (
  turn: number,
  model: string,
  at: number,
  failure: ColloquyError | undefined,
  finish: FinishReason,
  usage: Usage,
): NewEntry => {
  const base = { kind: "turn-end" as const, turn, at, model, usage };
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

/** The one part of a turn that is being said, and what seals it: a change of kind, or the end. */
const createParts = (work: TurnWork) => {
  const { text, turn, attempt, clock } = work;
  let open: Part | undefined;
  let index = 0;
  /** How much of the turn's text is in the log. */
  let sealedUpTo = 0;

  const seal = (): NewEntry[] => {
    const part = `${turn}.${attempt}.${index}`;
    const at = clock.now();
    if (open?.kind === "reasoning") {
      index += 1;
      return [{ kind: "reasoning", turn, part, text: open.pieces.join("").toWellFormed(), at }];
    }
    text.settle();
    const said = text.textFrom(sealedUpTo);
    const resets = text.resetsMade;
    if (said === "" && resets.length === 0) return [];
    const offset = sealedUpTo;
    sealedUpTo += said.length;
    index += 1;
    return [{ kind: "answer", turn, part, offset, text: said, at, ...(resets.length > 0 && { resets }) }];
  };

  const add = (part: Part, piece: string, now: number): void => {
    if (part.kind === "reasoning") {
      part.pieces.push(piece);
    } else {
      text.append(piece, now);
      work.grown();
    }
  };

  const change = async (part: Part, piece: string, now: number): Promise<void> => {
    const sealed = open ? seal() : [];
    open = part;
    if (sealed.length > 0) await work.append(sealed);
    add(part, piece, now);
  };

  return {
    say: (kind: Part["kind"], piece: string, now: number): Promise<void> | undefined => {
      if (open?.kind !== kind) return change(kind === "text" ? { kind } : { kind, pieces: [] }, piece, now);
      add(open, piece, now);
      return undefined;
    },
    last: (completed: boolean): NewEntry[] => {
      const reasoning = open?.kind === "reasoning" ? seal() : [];
      open = undefined;
      text.finish(completed);
      return [...reasoning, ...seal()];
    },
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
