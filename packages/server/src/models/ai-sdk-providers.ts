import type { Dispatcher } from "undici";
import { systemClock, type Clock } from "../kernel/clock.ts";
import { createAiSdkModel, type AiSdkModelOptions } from "./ai-sdk-model.ts";
import {
  aiSdkPackages,
  isInstalled,
  loadOnce,
  type PackagedProvider,
  type PackageOptions,
} from "./ai-sdk-packages.ts";
import type { AiSdkLanguageModel, AiSdkProvider } from "./ai-sdk-port.ts";
import { factsOf, filesOf, type CatalogueAdditions } from "./catalogue.ts";
import type { Model } from "./model.ts";
import { createProviderDispatcher } from "./provider-dispatcher.ts";
import { createProviderFetch } from "./provider-fetch.ts";
import { createRetryingModel, type RetryOptions } from "./retrying-model.ts";

/** Makes the models of one provider; undefined for a name that it does not know. Asked once for each name. */
export type Provider = (model: string) => Model | undefined;

/** How a provider is reached. */
export interface Access {
  readonly apiKey?: string | undefined;
  /** Where its interface begins, if not where it usually does; a server there may want no key. */
  readonly baseUrl?: string | undefined;
}

export interface BedrockAccess extends Access {
  readonly region?: string | undefined;
  readonly accessKeyId?: string | undefined;
  readonly secretAccessKey?: string | undefined;
  readonly sessionToken?: string | undefined;
}

/** How the providers are reached whose packages are loaded when they are needed, by the name before the colon. */
export type ProviderAccess = {
  readonly [Name in PackagedProvider]?: Name extends "amazon-bedrock" ? BedrockAccess : Access;
};

type BrokenBy = NonNullable<AiSdkModelOptions["brokenBy"]>;

/** What every model of a provider's package is made with. */
export interface AiSdkSurroundings {
  readonly dispatcher?: Dispatcher;
  readonly catalogue?: CatalogueAdditions;
  readonly retry?: RetryOptions;
  readonly clock?: Clock;
  /** Whether a package is there; looks for it unless told. */
  readonly installed?: (name: string) => boolean;
}

/** The setting that a provider needs, as an operator would name it. */
const needs: Readonly<Record<PackagedProvider, string>> = {
  "openai-responses": "OPENAI_API_KEY",
  anthropic: "ANTHROPIC_API_KEY",
  google: "GOOGLE_GENERATIVE_AI_API_KEY",
  groq: "GROQ_API_KEY",
  xai: "XAI_API_KEY",
  "amazon-bedrock":
    "AWS_REGION, and AWS_BEARER_TOKEN_BEDROCK or AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY",
};

const isNamed = (name: string): name is PackagedProvider => Object.hasOwn(aiSdkPackages, name);

export const packagedProviders: readonly PackagedProvider[] = Object.keys(aiSdkPackages).filter(isNamed);

/** Whether there is what a provider needs to let us in. */
export const isConfigured = (name: PackagedProvider, access: ProviderAccess): boolean => {
  const { apiKey, baseUrl, ...more }: BedrockAccess = access[name] ?? {};
  if (name !== "amazon-bedrock") return Boolean(apiKey || baseUrl);
  return Boolean((more.region || baseUrl) && (apiKey || (more.accessKeyId && more.secretAccessKey)));
};

/**
 * A provider whose package is imported when one of its models is first asked. That the package is there and the key set
 * is looked at when a model is looked up; what is missing is thrown as an Error with a sentence for the operator.
 */
export const createPackagedProvider = (
  name: PackagedProvider,
  access: ProviderAccess,
  around: AiSdkSurroundings,
): Provider => {
  const { clock = systemClock, dispatcher, installed = isInstalled } = around;
  const { name: packageName, install } = aiSdkPackages[name];
  const reached: BedrockAccess = access[name] ?? {};
  const secrets = [reached.apiKey, reached.secretAccessKey, reached.sessionToken].filter(
    (secret) => secret !== undefined,
  );
  let reach: { readonly find: () => Promise<AiSdkProvider>; readonly brokenBy: BrokenBy } | undefined;
  const open = () => {
    const { fetch, faultOf } = createProviderFetch({
      dispatcher: dispatcher ?? createProviderDispatcher(),
      secrets,
      now: () => clock.now(),
    });
    return { find: loadOnce(aiSdkPackages[name], optionsOf(reached, fetch)), brokenBy: faultOf };
  };

  return (model) => {
    if (model === "") return undefined;
    if (!isConfigured(name, access)) throw new Error(`"${name}:${model}" needs ${needs[name]}`);
    if (!installed(packageName))
      throw new Error(`"${name}:${model}" needs the package ${packageName}: npm install ${install}`);
    const { find, brokenBy } = (reach ??= open());
    const language = async (): Promise<AiSdkLanguageModel> => (await find()).languageModel(model);
    return modelOf(name, model, around, language, { secrets, brokenBy });
  };
};

/** A provider of the AI SDK that somebody passes in, as one of ours. */
export const aiSdkProvider =
  (name: string, provider: AiSdkProvider, around: AiSdkSurroundings): Provider =>
  (model) =>
    model === "" ? undefined : modelOf(name, model, around, () => provider.languageModel(model));

const modelOf = (
  provider: string,
  name: string,
  { catalogue, retry, clock = systemClock }: AiSdkSurroundings,
  model: () => AiSdkLanguageModel | Promise<AiSdkLanguageModel>,
  reach: Pick<AiSdkModelOptions, "secrets" | "brokenBy"> = {},
): Model => {
  const id = `${provider}:${name}`;
  const facts = factsOf(id, catalogue);
  const plain = createAiSdkModel({
    id,
    model,
    contextTokens: facts.contextTokens,
    callsTools: facts.tools,
    files: filesOf(facts),
    // Else the provider keeps each answer, and wants to be asked with what it kept.
    ...(provider === "openai-responses" && { settings: { providerOptions: { openai: { store: false } } } }),
    ...reach,
    clock,
  });
  return createRetryingModel(plain, { clock, ...retry });
};

/** Nothing is left to be looked for in the environment of the process but what AWS itself would look for there. */
const optionsOf = (access: BedrockAccess, fetch: PackageOptions["fetch"]): PackageOptions => {
  const { apiKey, baseUrl, region, accessKeyId, secretAccessKey, sessionToken } = access;
  const key = apiKey ?? (accessKeyId === undefined ? "none" : undefined);
  return {
    fetch,
    ...(key !== undefined && { apiKey: key }),
    ...(baseUrl !== undefined && { baseURL: baseUrl.replace(/\/+$/, "") }),
    ...(region !== undefined && { region }),
    ...(accessKeyId !== undefined && { accessKeyId }),
    ...(secretAccessKey !== undefined && { secretAccessKey }),
    ...(sessionToken !== undefined && { sessionToken }),
  };
};
