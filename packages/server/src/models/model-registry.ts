import type { Dispatcher } from "undici";
import { systemClock, type Clock } from "../kernel/clock.ts";
import { createDemoEchoModel } from "./demo-echo-model.ts";
import { createDemoGuideModel } from "./demo-guide-model.ts";
import { createDemoTeamModel } from "./demo-team-model.ts";
import type { Model } from "./model.ts";
import { createOpenAiModel } from "./openai-model.ts";
import { createRetryingModel, type RetryOptions } from "./retrying-model.ts";

/** Makes the models of one provider; undefined for a name that it does not know. Asked once for each name. */
export type Provider = (model: string) => Model | undefined;

export interface ModelsOptions {
  /** `openai:…`: OpenAI, or whoever speaks like it at the base URL. Neither key nor URL: not configured. */
  readonly openai?: {
    readonly apiKey?: string | undefined;
    readonly baseUrl?: string | undefined;
    readonly contextTokens?: number | undefined;
    /** Shared by all of its models; whoever passes it closes it. */
    readonly dispatcher?: Dispatcher;
  };
  /** More providers, by the name before the colon; they go before those that are built in. */
  readonly providers?: Readonly<Record<string, Provider>>;
  /** Where the demo guide says that the page is. */
  readonly page?: string;
  /** How models that are reached over a network are asked again. */
  readonly retry?: RetryOptions;
  readonly clock?: Clock;
}

/** Where `openai:` ids go unless a base URL is configured. */
export const usualOpenAiBaseUrl = "https://api.openai.com/v1";

/**
 * Finds models by id, `provider:model`; the model's name may hold colons. The same id gives the same model. What cannot
 * be found is thrown as an Error with a sentence for the operator.
 *
 * @example const modelOf = createModels({ openai: { apiKey } }); modelOf("openai:gpt-5-mini");
 */
export const createModels = (options: ModelsOptions = {}): ((id: string) => Model) => {
  const { clock = systemClock } = options;
  const providers = new Map<string, Provider>([
    ["demo", (model) => demo(model, clock, options.page)],
    ["openai", (model) => openAi(model, options)],
    ...Object.entries(options.providers ?? {}),
  ]);
  const known = new Map<string, Model>();

  return (id) => {
    const before = known.get(id);
    if (before) return before;
    const colon = id.indexOf(":");
    const provider = providers.get(id.slice(0, Math.max(colon, 0)));
    const names = [...providers.keys()].sort().join(", ");
    if (colon === -1) {
      throw new Error(`"${id}" names no provider: write provider:model, with one of the providers ${names}`);
    }
    if (!provider) throw new Error(`"${id}" names an unknown provider; known are ${names}`);
    const model = provider(id.slice(colon + 1));
    if (!model) throw new Error(`the provider of "${id}" has no model of that name`);
    known.set(id, model);
    return model;
  };
};

const demo = (model: string, clock: Clock, page: string | undefined): Model | undefined => {
  if (model === "guide") return createDemoGuideModel({ clock, ...(page !== undefined && { page }) });
  if (model === "team") return createDemoTeamModel({ clock });
  return model === "echo" ? createDemoEchoModel({ clock }) : undefined;
};

const openAi = (model: string, options: ModelsOptions): Model | undefined => {
  if (model === "") return undefined;
  const { apiKey, baseUrl, contextTokens, dispatcher } = options.openai ?? {};
  if (!apiKey && !baseUrl) {
    throw new Error(
      `"openai:${model}" needs OPENAI_API_KEY, or OPENAI_BASE_URL for a server that wants no key`,
    );
  }
  const { clock = systemClock } = options;
  const plain = createOpenAiModel({
    id: `openai:${model}`,
    baseUrl: baseUrl ?? usualOpenAiBaseUrl,
    model,
    clock,
    ...(apiKey !== undefined && { apiKey }),
    ...(contextTokens !== undefined && { contextTokens }),
    ...(dispatcher !== undefined && { dispatcher }),
  });
  return createRetryingModel(plain, { clock, ...options.retry });
};
