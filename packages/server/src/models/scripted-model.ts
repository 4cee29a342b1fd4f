import type { Code } from "@colloquy/protocol";
import { sleep, systemClock, type Clock } from "../kernel/clock.ts";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import type { Model, ModelEvent, ModelRequest } from "./model.ts";

/** One thing that a scripted model does. A plain string is a piece of text. */
export type ScriptStep =
  | string
  | ModelEvent
  /** Waits on the model's clock, milliseconds. */
  | { readonly type: "wait"; readonly ms: number }
  /** Waits for a promise that the test resolves. */
  | { readonly type: "until"; readonly opened: Promise<unknown> }
  /** Fails; nothing after it is played. */
  | { readonly type: "fail"; readonly code: Code; readonly detail?: string; readonly retryAfterMs?: number }
  /** Says nothing more until it is aborted. */
  | { readonly type: "hang" };

/** Played step by step, the same at each call, or made anew for each; `call` is 1, 2, 3 …. */
export type Script = readonly ScriptStep[] | ((request: ModelRequest, call: number) => Iterable<ScriptStep>);

/** A call that a scripted model was given. */
export interface ScriptedCall {
  readonly request: ModelRequest;
  /** `left`: the reader stopped reading by itself. */
  readonly state: "running" | "finished" | "failed" | "aborted" | "left";
  /** Resolves when the state is no longer `running`. */
  readonly ended: Promise<void>;
}

export interface ScriptedModel extends Model {
  /** Every call so far, the oldest first. */
  readonly calls: readonly ScriptedCall[];
}

export interface ScriptedOptions {
  readonly id?: string;
  readonly contextTokens?: number;
  /** Unless false it is told of the tools that there are. */
  readonly callsTools?: boolean;
  readonly files?: readonly string[];
  readonly clock?: Clock;
}

/** A step that calls a tool. */
export const calls = (name: string, args: unknown = {}): ScriptStep => ({
  type: "tool-call",
  name,
  arguments: JSON.stringify(args),
});

/**
 * A model for tests: does what its script says. A script that runs out without `finish` or `fail` finishes with `stop`.
 *
 * @example
 * const gate = Promise.withResolvers<void>();
 * const model = createScriptedModel(["Hel", { type: "until", opened: gate.promise }, "lo"]);
 * // … the prompt is sent, "Hel" is seen …
 * gate.resolve();
 * @example
 * createScriptedModel((_, call) => (call === 1 ? ["Let me see. ", calls("weather", { city: "Makati" })] : ["Sunny."]));
 */
export const createScriptedModel = (script: Script, options: ScriptedOptions = {}): ScriptedModel => {
  const given: ScriptedCall[] = [];
  const { clock = systemClock } = options;
  return {
    id: options.id ?? "demo:scripted",
    contextTokens: options.contextTokens ?? 32_768,
    callsTools: options.callsTools ?? true,
    ...(options.files && { files: options.files }),
    calls: given,
    stream: (request, signal) => ({
      [Symbol.asyncIterator]() {
        const steps = typeof script === "function" ? script(request, given.length + 1) : script;
        const call = openCall(request);
        given.push(call);
        signal.addEventListener("abort", () => call.end("aborted"), { once: true });
        return play(steps, { signal, clock, call });
      },
    }),
  };
};

interface OpenCall extends ScriptedCall {
  /** The first end counts. */
  end(state: ScriptedCall["state"]): void;
}

const openCall = (request: ModelRequest): OpenCall => {
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  let state: ScriptedCall["state"] = "running";
  return {
    request,
    ended,
    get state() {
      return state;
    },
    end(last) {
      if (state === "running") state = last;
      resolve();
    },
  };
};

interface Playing {
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly call: OpenCall;
}

async function* play(
  steps: Iterable<ScriptStep>,
  { signal, clock, call }: Playing,
): AsyncGenerator<ModelEvent, undefined> {
  try {
    for (const step of steps) {
      signal.throwIfAborted();
      if (typeof step === "string") yield { type: "text", text: step };
      else if (step.type === "wait") await sleep(step.ms, clock, signal);
      else if (step.type === "until") await orAborted(step.opened, signal);
      else if (step.type === "hang") await orAborted(new Promise(() => {}), signal);
      else if (step.type === "fail") throw new ColloquyError(step.code, step);
      else if (step.type === "finish") return yield* finish(step, call);
      else yield step;
    }
    signal.throwIfAborted();
    yield* finish({ type: "finish", reason: "stop" }, call);
  } catch (error) {
    call.end(signal.aborted ? "aborted" : "failed");
    throw error;
  } finally {
    call.end("left");
  }
}

/** Once the end is out the call is over, whether or not the reader asks once more. */
async function* finish(event: ModelEvent, call: OpenCall): AsyncGenerator<ModelEvent, undefined> {
  call.end("finished");
  yield event;
}

const orAborted = (opened: Promise<unknown>, signal: AbortSignal): Promise<unknown> => {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  return Promise.race([opened, aborted]).finally(() => signal.removeEventListener("abort", onAbort));
};
