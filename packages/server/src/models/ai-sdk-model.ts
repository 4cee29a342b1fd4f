import type { LanguageModelV4, LanguageModelV4CallOptions } from "@ai-sdk/provider";
import { systemClock, type Clock } from "../kernel/clock.ts";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import { aiSdkFault, type Stage } from "./ai-sdk-fault.ts";
import { createAiSdkParts } from "./ai-sdk-parts.ts";
import type { AiSdkLanguageModel } from "./ai-sdk-port.ts";
import { aiSdkPrompt } from "./ai-sdk-prompt.ts";
import type { Model, ModelEvent, ModelRequest } from "./model.ts";
import { textTypes } from "./model-files.ts";

export interface AiSdkModelOptions {
  /** `provider:model`, as the server knows it. */
  readonly id: string;
  /** The model, or what fetches it when it is first asked. */
  readonly model: AiSdkLanguageModel | (() => AiSdkLanguageModel | Promise<AiSdkLanguageModel>);
  /** Tokens of a request and its answer together; 128,000 unless told. */
  readonly contextTokens?: number;
  /** It can be given tools, which is so unless told. */
  readonly callsTools?: boolean;
  /** Media types that it takes as files; images, PDFs and text unless told. Text goes along as text in any case. */
  readonly files?: readonly string[];
  /** More of a call's options in the AI SDK's words: `{ reasoning: "high", providerOptions: { … } }`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** What must not stand in an error. */
  readonly secrets?: readonly string[];
  /** What broke the stream of the call with this signal, where that is known although the stream ended without an error. */
  readonly brokenBy?: (signal: AbortSignal) => ColloquyError | undefined;
  readonly clock?: Clock;
}

/** What the models of the providers' packages take, as far as we know nothing else of them. */
const aiSdkFiles: readonly string[] = ["image/*", "application/pdf", ...textTypes];

/** A stream that has told its end gets this long to be over, so that its connection can be used again. */
const lingerMs = 5_000;

/**
 * Any language model of the AI SDK as a model of ours, asked through `doStream`: no tool loop, no retries, no timers of its
 * own.
 *
 * @example createAiSdkModel({ id: "mistral:large", model: createMistral({ apiKey }).languageModel("mistral-large-latest") })
 */
export const createAiSdkModel = (options: AiSdkModelOptions): Model => {
  const { id, model, callsTools = true, files = aiSdkFiles, contextTokens = 128_000 } = options;
  const find = async (): Promise<LanguageModelV4> =>
    assertVersion(typeof model === "function" ? await model() : model, id);
  return {
    id,
    callsTools,
    files,
    contextTokens,
    stream: (request, signal) => ({
      [Symbol.asyncIterator]: () => asked({ ...options, files }, find, request, signal),
    }),
  };
};

const isV4 = (model: AiSdkLanguageModel): model is AiSdkLanguageModel & LanguageModelV4 =>
  model.specificationVersion === "v4";

const assertVersion = (model: AiSdkLanguageModel, id: string): LanguageModelV4 => {
  if (isV4(model)) return model;
  throw new ColloquyError("provider_refused", {
    detail: `the package of ${id} speaks ${model.specificationVersion} and not v4: install its version for AI SDK 7`,
  });
};

const asked = (
  options: AiSdkModelOptions & { readonly files: readonly string[] },
  find: () => Promise<LanguageModelV4>,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncIterableIterator<ModelEvent, undefined> => {
  const { clock = systemClock, secrets = [] } = options;
  const upstream = new AbortController();
  const stopped = Promise.withResolvers<never>();
  stopped.promise.catch(() => {});
  let reader: ReadableStreamDefaultReader<unknown> | undefined;
  const waiting: ModelEvent[] = [];
  let failure: { readonly thrown: unknown } | undefined;
  let over = false;

  const faultOf = (thrown: unknown, stage: Stage): ColloquyError =>
    aiSdkFault(thrown, stage, secrets, clock.now());
  const parts = createAiSdkParts({
    emit: (event) => waiting.push(event),
    fault: (error) => faultOf(error, "streaming"),
    signsThoughts: (request.tools?.length ?? 0) > 0,
  });

  /** Closes the connection, whether the answer has begun or not. */
  const close = (reason: unknown): void => {
    over = true;
    signal.removeEventListener("abort", onAbort);
    upstream.abort(reason);
    // A pending read ends with this, also where a provider does not look at the signal.
    reader?.cancel(reason).catch(() => {});
    stopped.reject(reason);
  };
  const onAbort = (): void => {
    const reason: unknown = signal.reason;
    waiting.length = 0;
    failure = { thrown: reason };
    close(reason);
  };

  const open = async (): Promise<ReadableStreamDefaultReader<unknown>> => {
    const model = await find();
    upstream.signal.throwIfAborted();
    const call: LanguageModelV4CallOptions = {
      ...options.settings,
      ...aiSdkPrompt(request, options.id, options.files),
      abortSignal: upstream.signal,
    };
    const { stream } = await model.doStream(call);
    const opened = stream.getReader();
    if (over) opened.cancel(upstream.signal.reason).catch(() => {});
    return opened;
  };

  /** The end was told: what is left of the stream is nothing but its closing. */
  const linger = async (rest: ReadableStreamDefaultReader<unknown>): Promise<void> => {
    over = true;
    const stop = clock.after(lingerMs, () => close(new ColloquyError("provider_no_end")));
    try {
      while (!(await rest.read()).done);
    } catch {
      // The answer is whole.
    } finally {
      stop();
      signal.removeEventListener("abort", onAbort);
    }
  };

  const readOn = async (): Promise<void> => {
    let stage: Stage = "asking";
    try {
      reader ??= await Promise.race([open(), stopped.promise]);
      stage = "streaming";
      const { done, value } = await reader.read();
      if (over) return;
      if (done) parts.end();
      else parts.read(value);
      if (parts.finished) void linger(reader);
    } catch (thrown) {
      if (over) return;
      const told = faultOf(thrown, stage);
      const broken = told.code === "provider_no_end" ? options.brokenBy?.(upstream.signal) : undefined;
      const error = broken ?? told;
      failure = { thrown: error };
      close(error);
    }
  };

  const next = async (): Promise<IteratorResult<ModelEvent, undefined>> => {
    for (;;) {
      const event = waiting.shift();
      if (event) return { value: event, done: false };
      if (failure) {
        const { thrown } = failure;
        failure = undefined;
        throw thrown;
      }
      if (over) return { value: undefined, done: true };
      await readOn();
    }
  };

  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  return {
    next,
    return() {
      waiting.length = 0;
      failure = undefined;
      if (!over) close(new ColloquyError("cancelled"));
      return Promise.resolve({ value: undefined, done: true });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
};
