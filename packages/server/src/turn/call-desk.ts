import type { NewEntry } from "@colloquy/protocol";
import type { Clock } from "../kernel/clock.ts";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import type { ModelEvent } from "../models/model.ts";
import type { Tool, ToolArguments } from "../tools/tool.ts";
import type { Assistant } from "./assistant.ts";
import { callStates, isOutside, resultEntry } from "./call-states.ts";
import { toolBegan, toolEnded, type Progress } from "./deadlines.ts";
import type { Pen } from "./pen.ts";
import { callKey, keptCall, progressOf, readCall, type Failures, type MadeCall } from "./read-call.ts";
import { runTool } from "./run-tool.ts";
import type { TurnLog } from "./turn-log.ts";

/** How often a turn may call its model. */
export const maxSteps = 30;

/** Calls that a turn may make in all. */
const maxCalls = 128;

/** How long a call waits for an approval unless the assistant says otherwise, milliseconds. */
const usualApprovalMs = 10 * 60_000;

export interface CallDeskOptions {
  readonly conversation: string;
  readonly turn: number;
  /** Whose prompt it is. */
  readonly user: string;
  readonly assistant: Assistant;
  readonly log: TurnLog;
  readonly pen: Pen;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

type CallEvent = Extract<ModelEvent, { type: "tool-call" }>;

interface Running extends MadeCall {
  readonly callId: string;
  readonly tool: Tool;
  readonly args: ToolArguments;
}

/** Takes the calls that a turn's model makes, and sees to it that each is run, refused, or waited for. */
export const createCallDesk = (options: CallDeskOptions) => {
  const { turn, assistant, log, pen, progress, signal, clock } = options;
  const running = new Set<Promise<void>>();
  const before = callStates(log.entries);
  const failures: Failures = new Map();
  let made = before.length;
  let madeInStep = 0;

  const failed = (call: MadeCall): void => {
    const key = callKey(call);
    failures.set(key, (failures.get(key) ?? 0) + 1);
  };
  for (const { call, result } of before) if (result?.outcome === "error") failed(call);

  const carryOut = async ({ tool, args, ...call }: Running): Promise<void> => {
    const { callId, name } = call;
    const context = { conversation: options.conversation, turn, callId, user: options.user };
    toolBegan(progress, clock.monotonic());
    const { outcome, content } = await runTool(tool, args, context, { signal, clock });
    toolEnded(progress, clock.monotonic());
    if (signal.aborted) return;
    if (outcome === "error") failed(call);
    await pen.write([resultEntry({ turn, callId, name }, clock.now(), outcome, content)]);
  };

  const start = (call: Running): void => {
    const run = carryOut(call);
    running.add(run);
    run.then(
      () => running.delete(run),
      // Kept: whoever waits for all of them learns that it could not be stored.
      () => {},
    );
  };

  /** The entries that a call begins with, and what is to be run once they are durable. */
  const take = (event: CallEvent, step: number, tools: readonly Tool[]) => {
    if (made === maxCalls)
      throw new ColloquyError("too_many_steps", { detail: `${maxCalls} calls of tools` });
    made += 1;
    madeInStep += 1;
    const at = clock.now();
    const call = keptCall(event);
    const callId = `call_${turn}_${made}`;
    const native = event.native && { native: { model: assistant.model.id, data: event.native } };
    const base = {
      kind: "tool-call" as const,
      turn,
      callId,
      ...call,
      at,
      ...(step > 1 && { step }),
      ...native,
    };
    const read =
      step >= maxSteps
        ? { refusal: `Not run: this answer has taken all of its ${maxSteps} steps.` }
        : readCall(event, tools, failures);
    if ("refusal" in read) {
      failed(call);
      return { entries: [base, resultEntry(base, at, "error", read.refusal)] };
    }
    const line = progressOf(read);
    const shown = { ...base, ...(line !== undefined && { progress: line }) };
    const { tool } = read;
    if (tool.runs === "client") {
      return { entries: [{ ...shown, runs: "client" as const, until: at + tool.timeMs }] };
    }
    if (tool.approval || assistant.askFirst === true) {
      const until = at + (assistant.approvalMs ?? usualApprovalMs);
      const about = { turn, callId, name: call.name, at, until };
      const entries: NewEntry[] = [
        { ...shown, until },
        { kind: "approval", state: "requested", ...about },
      ];
      return { entries };
    }
    return { entries: [shown], start: () => start({ callId, ...call, ...read }) };
  };

  return {
    take,
    /** The next calls are those of another call to the model. */
    nextStep(): void {
      madeInStep = 0;
    },
    get madeInStep(): number {
      return madeInStep;
    },
    /** Resolves when none runs any more; rejects when a result could not be stored. */
    async idle(): Promise<void> {
      while (running.size > 0) await Promise.all(running);
    },
    /** Runs what was granted while the turn waited. Called once, when it is in the log that the turn runs on. */
    async runGranted(tools: readonly Tool[]): Promise<void> {
      for (const state of before) {
        if (state.result || state.approval !== "granted") continue;
        const { callId, name, arguments: text } = state.call;
        const call = { name, arguments: text };
        const read = readCall(call, tools, failures);
        if ("tool" in read) start({ callId, ...call, ...read });
        else await pen.write([resultEntry(state.call, clock.now(), "error", read.refusal)]);
      }
      await this.idle();
    },
    /** Whether calls of this step are up to somebody outside: the turn comes to rest until they are decided. */
    rests: (step: number): boolean =>
      callStates(log.entries).some((state) => (state.call.step ?? 1) === step && isOutside(state)),
  };
};
