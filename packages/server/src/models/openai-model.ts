import type { Dispatcher } from "undici";
import { systemClock, type Clock } from "../kernel/clock.ts";
import type { Model, ModelRequest } from "./model.ts";
import { callOpenAi, type Ask, type Endpoint } from "./openai-call.ts";
import { openAiBody, openAiFiles, type Habits } from "./openai-request.ts";
import { createProviderDispatcher } from "./provider-dispatcher.ts";

export interface OpenAiModelOptions {
  /** `provider:model`, as the server knows it. */
  readonly id: string;
  /** Where the interface begins, with its path: `https://api.openai.com/v1`, `http://localhost:11434/v1`. */
  readonly baseUrl: string;
  /** Sent as a bearer token; servers on one's own machine mostly need none. */
  readonly apiKey?: string;
  /** The model's name at the provider. */
  readonly model: string;
  /** Tokens of a request and its answer together; 32,768 unless told. */
  readonly contextTokens?: number;
  /** It can be given tools, which is so unless told. */
  readonly callsTools?: boolean;
  /** Media types that it takes as files; images, PDFs and text unless told. Text goes along as text in any case. */
  readonly files?: readonly string[];
  /** More headers, for gateways that want them (`api-key`, `http-referer`). Never shown to anyone. */
  readonly headers?: Readonly<Record<string, string>>;
  /** More fields of the request: `temperature`, `reasoning_effort`, whatever the provider knows. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** Asks for the usage of a call (`stream_options`). A server that refuses the question is asked without it from then on. */
  readonly includeUsage?: boolean;
  /** The connections; pass one to all models of a server, and close it. */
  readonly dispatcher?: Dispatcher;
  readonly clock?: Clock;
}

/**
 * Chat Completions, streamed: OpenAI, and whoever speaks like it (vLLM, Ollama, LM Studio, Groq, LiteLLM, OpenRouter …).
 * Throws an Error with a sentence for the operator when the base URL or the key cannot be right.
 *
 * @example createOpenAiModel({ id: "openai:gpt-5", baseUrl: "https://api.openai.com/v1", apiKey, model: "gpt-5" })
 */
export const createOpenAiModel = (options: OpenAiModelOptions): Model => {
  const endpoint = endpointOf(options);
  const { id, model, body, files = openAiFiles, callsTools = true } = options;
  const habits: Habits = { usage: options.includeUsage ?? true, thinksWithoutTools: false };

  const ask = (request: ModelRequest): Ask => {
    const bodyNow = (): string => JSON.stringify(openAiBody({ id, model, body, files }, request, habits));
    const hasTools = (request.tools?.length ?? 0) > 0;
    return {
      body: bodyNow(),
      signsThoughts: hasTools,
      otherwise({ status, body: says }) {
        if (status !== 400 && status !== 422) return undefined;
        if (habits.usage && /stream_options|include_usage/.test(says)) {
          habits.usage = false;
          return bodyNow();
        }
        // OpenAI's own models since GPT-5.4 think by default, and call tools over this interface only if they do not.
        if (hasTools && !habits.thinksWithoutTools && /reasoning_effort/.test(says) && /tools/.test(says)) {
          habits.thinksWithoutTools = true;
          return bodyNow();
        }
        return undefined;
      },
    };
  };

  return {
    id,
    callsTools,
    files,
    contextTokens: options.contextTokens ?? 32_768,
    stream: (request, signal) => ({
      [Symbol.asyncIterator]: () => callOpenAi(endpoint, ask(request), signal),
    }),
  };
};

const endpointOf = (options: OpenAiModelOptions): Endpoint => {
  const url = URL.parse(options.baseUrl);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new Error(`"${options.baseUrl}" is not a base URL; it should look like https://api.openai.com/v1`);
  }
  if (url.username !== "" || url.password !== "")
    throw new Error("a base URL holds no user name and no password");
  const apiKey = options.apiKey?.trim() ?? "";
  if (!/^[\x21-\x7e]*$/.test(apiKey))
    throw new Error("the provider's key holds characters that no key can have");
  const own = Object.entries(options.headers ?? {}).map(
    ([name, value]) => [name.toLowerCase(), value] as const,
  );
  return {
    dispatcher: options.dispatcher ?? createProviderDispatcher(),
    origin: url.origin,
    // People paste the whole address as often as its beginning.
    path: `${url.pathname.replace(/\/+$/, "").replace(/\/chat\/completions$/, "")}/chat/completions${url.search}`,
    headers: {
      accept: "text/event-stream",
      "content-type": "application/json",
      "user-agent": "colloquy",
      ...(apiKey === "" ? {} : { authorization: `Bearer ${apiKey}` }),
      ...Object.fromEntries(own),
    },
    secrets: [apiKey, ...own.map(([, value]) => value)],
    clock: options.clock ?? systemClock,
  };
};
