import type { Clock } from "../kernel/clock.ts";
import type { Logger } from "../kernel/logger.ts";
import { catalogueOf, createModels, type ModelsOptions, type Providers } from "../models/model-registry.ts";
import type { CatalogueModel, Model } from "../models/model.ts";
import { createProviderDispatcher } from "../models/provider-dispatcher.ts";
import { createSkillProvider } from "../models/skills/skill-provider.ts";
import type { Config } from "./config/resolve-config.ts";
import type { providerSettings } from "./config/provider-settings.ts";
import type { Settings } from "./config/settings.ts";

/** Models that an embedding program or a test brings itself. */
export interface BroughtModels {
  /** Found by their ids before any provider is asked. */
  readonly models?: readonly Model[];
  /** More providers, by the name before the colon: functions that make models, or providers of the AI SDK. */
  readonly providers?: Providers;
}

/** How the providers are reached, and what is said of their models. */
const reachOf = (
  settings: Pick<Settings, keyof typeof providerSettings | "openaiApiKey" | "openaiBaseUrl">,
): ModelsOptions => ({
  openai: { apiKey: settings.openaiApiKey, baseUrl: settings.openaiBaseUrl?.href },
  access: {
    anthropic: { apiKey: settings.anthropicApiKey, baseUrl: settings.anthropicBaseUrl?.href },
    google: { apiKey: settings.googleApiKey, baseUrl: settings.googleBaseUrl?.href },
    groq: { apiKey: settings.groqApiKey, baseUrl: settings.groqBaseUrl?.href },
    xai: { apiKey: settings.xaiApiKey, baseUrl: settings.xaiBaseUrl?.href },
    "amazon-bedrock": {
      apiKey: settings.bedrockApiKey,
      baseUrl: settings.bedrockBaseUrl?.href,
      region: settings.awsRegion,
      accessKeyId: settings.awsAccessKeyId,
      secretAccessKey: settings.awsSecretAccessKey,
      sessionToken: settings.awsSessionToken,
    },
  },
  catalogue: settings.catalogue,
});

/**
 * What is wrong with a model's id, as a sentence for the operator; undefined when the model can be had.
 *
 * @param sequencers names of those there are
 */
export const modelFault = (
  id: string,
  settings: Settings,
  sequencers: ReadonlySet<string>,
  overrides: BroughtModels = {},
): string | undefined => {
  if (overrides.models?.some((model) => model.id === id)) return undefined;
  const [provider, name = ""] = id.split(/:(.*)/s);
  if (provider === "sequencer" && overrides.providers?.["sequencer"] === undefined) {
    const known = [...sequencers].join(", ");
    if (sequencers.has(name)) return undefined;
    return `there is no sequencer ${name}${known === "" ? ": name it in sequencers" : `; there are ${known}`}`;
  }
  const skills = createSkillProvider({ folder: settings.dataDir });
  try {
    createModels({
      ...reachOf(settings),
      providers: { skill: skills.provider, ...overrides.providers },
    })(id);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

interface ModelsAround {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where the page is, if that is known before anybody listens. */
  readonly page: string | undefined;
  readonly sequencer: (name: string) => Model | undefined;
}

export interface ComposedModels {
  /** Throws a sentence for the operator when there is no such model. */
  readonly modelOf: (id: string) => Model;
  /** What there is to choose from. */
  readonly catalogue: readonly CatalogueModel[];
  /** Ends the connections to providers. */
  readonly close: () => Promise<void>;
}

/** All models of a server, by their ids. */
export const composeModels = (
  config: Config,
  overrides: BroughtModels,
  around: ModelsAround,
): ComposedModels => {
  const { clock, logger, page, sequencer } = around;
  const dispatcher = createProviderDispatcher();
  const skills = createSkillProvider({ folder: config.skills.folder, clock });
  const reach: ModelsOptions = {
    ...reachOf(config),
    providers: { skill: skills.provider, sequencer, ...overrides.providers },
  };
  const byId = createModels({
    ...reach,
    dispatcher,
    ...(page !== undefined && { page }),
    clock,
    retry: {
      onRetry: ({ error: { code, detail }, attempt, waitMs }) =>
        logger.warn({ code, detail, attempt, waitMs: Math.round(waitMs) }, "asking the model again"),
    },
  });
  return {
    modelOf: (id) => overrides.models?.find((model) => model.id === id) ?? byId(id),
    catalogue: catalogueOf(
      reach,
      [...config.assistants.values()].map(({ model }) => model),
    ),
    async close() {
      await skills.close();
      await dispatcher.destroy();
    },
  };
};
