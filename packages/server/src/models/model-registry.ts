import type { Dispatcher } from "undici";
import { systemClock, type Clock } from "../kernel/clock.ts";
import type { AiSdkProvider } from "./ai-sdk-port.ts";
import {
  aiSdkProvider,
  createPackagedProvider,
  isConfigured,
  packagedProviders,
  type Provider,
  type ProviderAccess,
} from "./ai-sdk-providers.ts";
import { catalogue, factsOf, filesOf, type CatalogueAdditions } from "./catalogue.ts";
import { createDemoEchoModel } from "./demo-echo-model.ts";
import { createDemoGuideModel } from "./demo-guide-model.ts";
import { createDemoTeamModel } from "./demo-team-model.ts";
import { createDemoToolsModel } from "./demo-tools-model.ts";
import type { CatalogueModel, Model } from "./model.ts";
import { createOpenAiModel } from "./openai-model.ts";
import { createRetryingModel, type RetryOptions } from "./retrying-model.ts";

export type { Provider, ProviderAccess } from "./ai-sdk-providers.ts";

/** Providers that somebody brings, by the name before the colon: ours, or the AI SDK's. */
export type Providers = Readonly<Record<string, Provider | AiSdkProvider>>;

export interface ModelsOptions {
  /** `openai:…`: OpenAI, or whoever speaks like it at the base URL. Neither key nor URL: not configured. */
  readonly openai?: {
    readonly apiKey?: string | undefined;
    readonly baseUrl?: string | undefined;
    readonly contextTokens?: number | undefined;
  };
  /** The other providers that are built in. */
  readonly access?: ProviderAccess;
  /** More providers; they go before those that are built in. */
  readonly providers?: Providers;
  /** What the operator says of models. */
  readonly catalogue?: CatalogueAdditions;
  /** Shared by all models; whoever passes it closes it. */
  readonly dispatcher?: Dispatcher;
  /** Where the demo guide says that the page is. */
  readonly page?: string;
  /** How models that are reached over a network are asked again. */
  readonly retry?: RetryOptions;
  readonly clock?: Clock;
  /** Whether a package is there; looks for it unless told. */
  readonly installed?: (name: string) => boolean;
}

/** Where `openai:` ids go unless a base URL is configured. */
export const usualOpenAiBaseUrl = "https://api.openai.com/v1";

/** Models that are kept; in rooms it is clients that name them. */
const mostKept = 512;

/**
 * Finds models by id, `provider:model`; the model's name may hold colons. The same id gives the same model, unless very many
 * others were asked for meanwhile. What cannot be found is thrown as an Error with a sentence for the operator: also a key
 * that is not set, and a package that is not installed.
 *
 * @example const modelOf = createModels({ openai: { apiKey } }); modelOf("openai:gpt-5-mini");
 */
export const createModels = (options: ModelsOptions = {}): ((id: string) => Model) => {
  const { clock = systemClock } = options;
  const providers = new Map<string, Provider>([
    ["demo", (model) => demo(model, clock, options.page)],
    ["openai", (model) => openAi(model, options)],
    ...packagedProviders.map(
      (name) => [name, createPackagedProvider(name, accessOf(options), options)] as const,
    ),
    ...Object.entries(options.providers ?? {}).map(
      ([name, provider]) =>
        [name, "languageModel" in provider ? aiSdkProvider(name, provider, options) : provider] as const,
    ),
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
    const [oldest] = known.size < mostKept ? [] : known.keys();
    if (oldest !== undefined) known.delete(oldest);
    known.set(id, model);
    return model;
  };
};

/** OpenAI's key opens both of its interfaces. */
const accessOf = ({ access = {}, openai }: ModelsOptions): ProviderAccess => ({
  ...(openai && { "openai-responses": openai }),
  ...access,
});

/**
 * What there is to choose from with these options.
 *
 * @param also more ids to tell of: those that assistants have
 */
export const catalogueOf = (
  options: ModelsOptions,
  also: readonly string[] = [],
): readonly CatalogueModel[] => {
  const { openai = {}, catalogue: added } = options;
  const access = accessOf(options);
  // Elsewhere than at OpenAI there are other models.
  const isOpenAi =
    Boolean(openai.apiKey) && URL.parse(openai.baseUrl ?? usualOpenAiBaseUrl)?.host === "api.openai.com";
  const has = (provider: string): boolean => {
    if (options.providers && Object.hasOwn(options.providers, provider)) return false;
    if (provider === "demo") return true;
    if (provider === "openai") return isOpenAi;
    const packaged = packagedProviders.find((name) => name === provider);
    if (packaged === "openai-responses" && !isOpenAi) return false;
    return packaged !== undefined && isConfigured(packaged, access);
  };
  return catalogue({ ...(added && { added }), has, also });
};

const demo = (model: string, clock: Clock, page: string | undefined): Model | undefined => {
  switch (model) {
    case "guide":
      return createDemoGuideModel({ clock, ...(page !== undefined && { page }) });
    case "tools":
      return createDemoToolsModel({ clock });
    case "team":
      return createDemoTeamModel({ clock });
    case "echo":
      return createDemoEchoModel({ clock });
    default:
      return undefined;
  }
};

const openAi = (model: string, options: ModelsOptions): Model | undefined => {
  if (model === "") return undefined;
  const { apiKey, baseUrl, contextTokens } = options.openai ?? {};
  if (!apiKey && !baseUrl) {
    throw new Error(
      `"openai:${model}" needs OPENAI_API_KEY, or OPENAI_BASE_URL for a server that wants no key`,
    );
  }
  const { clock = systemClock, dispatcher } = options;
  const id = `openai:${model}`;
  const facts = factsOf(id, options.catalogue);
  const plain = createOpenAiModel({
    id,
    baseUrl: baseUrl ?? usualOpenAiBaseUrl,
    model,
    clock,
    contextTokens: contextTokens ?? facts.contextTokens,
    callsTools: facts.tools,
    files: filesOf(facts),
    ...(apiKey !== undefined && { apiKey }),
    ...(dispatcher !== undefined && { dispatcher }),
  });
  return createRetryingModel(plain, { clock, ...options.retry });
};
