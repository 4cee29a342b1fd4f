import type { Entry, NewEntry, Usage } from "@colloquy/protocol";
import type { Clock } from "../kernel/clock.ts";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import type { FinishReason, Model, ModelEvent, ModelRequest } from "../models/model.ts";
import type { Tool } from "../tools/tool.ts";
import type { Assistant } from "./assistant.ts";
import type { createCallDesk } from "./call-desk.ts";
import type { Progress } from "./deadlines.ts";
import { messageTokens } from "./estimate-tokens.ts";
import type { Parts } from "./parts.ts";
import type { Pen } from "./pen.ts";

export interface HearOptions {
  readonly model: Model;
  readonly assistant: Assistant;
  readonly parts: Parts;
  readonly desk: ReturnType<typeof createCallDesk>;
  readonly pen: Pen;
  readonly progress: Progress;
  readonly controller: AbortController;
  /** The turn's entries so far. */
  readonly entries: readonly Entry[];
  readonly clock: Clock;
}

interface Heard {
  usage: Usage | undefined;
  finish: FinishReason;
  /** Pieces. */
  counted: number;
}

/** Arguments of all calls of a turn, UTF-8 bytes. */
const maxArgumentBytes = 4 * 1024 * 1024;

/** Hears what a turn's model says, call by call. What it says is counted over all of the turn's calls. */
export const hearModel = (options: HearOptions) => {
  const { model, parts, desk, pen, progress, clock } = options;
  const { signal } = options.controller;
  const { answerBytes } = options.assistant.limits;
  let bytes = saidBytes(options.entries);
  let argumentBytes = options.entries.reduce(weigh, 0);
  /** Of the last call. */
  const heard: Heard = { usage: undefined, finish: "other", counted: 0 };

  const count = (more: number): void => {
    bytes += more;
    if (bytes > answerBytes) throw new ColloquyError("too_long");
  };

  const signed = async (event: Extract<ModelEvent, { type: "reasoning" }>, now: number): Promise<void> => {
    if (!event.native) return;
    count(Buffer.byteLength(JSON.stringify(event.native)));
    if (event.text !== "") await parts.say("reasoning", event.text, now);
    signal.throwIfAborted();
    await parts.sign(event.native, now);
  };

  /** The call is in the log before it is run (P1), together with what was said before it. */
  const called = async (
    event: Extract<ModelEvent, { type: "tool-call" }>,
    step: number,
    tools: readonly Tool[],
  ): Promise<void> => {
    const { entries, start } = desk.take(event, step, tools);
    argumentBytes += entries.reduce(weigh, 0);
    if (argumentBytes > maxArgumentBytes) throw new ColloquyError("too_long");
    await pen.write([...parts.seal(), ...entries]);
    if (!signal.aborted) start?.();
  };

  /** Gives a promise only where something must be stored first: a piece of an open part costs none. */
  const hear = (event: ModelEvent, step: number, tools: readonly Tool[]): Promise<void> | undefined => {
    const now = clock.monotonic();
    progress.lastEventAt = now;
    switch (event.type) {
      case "text":
      case "reasoning":
        progress.paused = false;
        heard.counted += 1;
        count(Buffer.byteLength(event.text));
        if (event.type === "reasoning" && event.native) return signed(event, now);
        return event.text === "" ? undefined : parts.say(event.type, event.text, now);
      case "tool-call":
        progress.paused = false;
        heard.counted += 1;
        return called(event, step, tools);
      case "usage":
        heard.usage = event.usage;
        return undefined;
      case "finish":
        heard.finish = event.reason;
        return undefined;
      case "waiting":
        progress.paused = true;
        return undefined;
      case "begin":
        progress.paused = false;
        progress.startedAt = now;
        progress.askedAt = now;
        progress.lastEventAt = undefined;
        return undefined;
      case "decline":
        throw new ColloquyError("no_model");
    }
  };

  return {
    /** Calls the model once and hears it to its end; resolves to why it stopped. */
    async listen(request: ModelRequest, step: number, tools: readonly Tool[]): Promise<FinishReason> {
      Object.assign(heard, { usage: undefined, finish: "other", counted: 0 });
      progress.askedAt = clock.monotonic();
      progress.lastEventAt = undefined;
      parts.step(step);
      desk.nextStep();
      for await (const event of model.stream(request, signal)) {
        if (signal.aborted) break;
        const stored = hear(event, step, tools);
        if (stored) await stored;
      }
      signal.throwIfAborted();
      if (heard.finish === "filtered") throw new ColloquyError("provider_filtered");
      return heard.finish;
    },
    /** What the last call cost: as the provider says, else counted pieces. */
    spent: (request: ModelRequest | undefined): Usage =>
      heard.usage ?? {
        inputTokens: request?.messages.reduce((sum, message) => sum + messageTokens(message), 0) ?? 0,
        outputTokens: heard.counted,
        estimated: true,
      },
  };
};

const weigh = (sum: number, entry: NewEntry | Entry): number =>
  entry.kind === "tool-call" ? sum + Buffer.byteLength(JSON.stringify(entry)) : sum;

/** What a turn that runs on had said before. */
const saidBytes = (entries: readonly Entry[]): number =>
  entries.reduce(
    (sum, entry) =>
      entry.kind === "answer" || entry.kind === "reasoning" ? sum + Buffer.byteLength(entry.text) : sum,
    0,
  );
