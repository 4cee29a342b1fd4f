import type { Clock } from "../kernel/clock.ts";
import type { Logger } from "../kernel/logger.ts";
import { createModels } from "../models/model-registry.ts";
import type { Model } from "../models/model.ts";
import { createProviderDispatcher } from "../models/provider-dispatcher.ts";
import { createSkillProvider } from "../models/skills/skill-provider.ts";
import type { Overrides } from "./compose.ts";
import type { Config } from "./config/resolve-config.ts";
import type { Settings } from "./config/settings.ts";

type OpenAi = NonNullable<Parameters<typeof createModels>[0]>["openai"];

const openAiOf = (settings: Pick<Settings, "openaiApiKey" | "openaiBaseUrl">): NonNullable<OpenAi> => ({
  apiKey: settings.openaiApiKey,
  baseUrl: settings.openaiBaseUrl?.href,
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
  overrides: Overrides = {},
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
      openai: openAiOf(settings),
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
  /** Ends the connections to providers. */
  readonly close: () => Promise<void>;
}

/** All models of a server, by their ids. */
export const composeModels = (config: Config, overrides: Overrides, around: ModelsAround): ComposedModels => {
  const { clock, logger, page, sequencer } = around;
  const dispatcher = createProviderDispatcher();
  const skills = createSkillProvider({ folder: config.skills.folder, clock });
  const byId = createModels({
    openai: { ...openAiOf(config), dispatcher },
    providers: { skill: skills.provider, sequencer, ...overrides.providers },
    ...(page !== undefined && { page }),
    clock,
    retry: {
      onRetry: ({ error: { code, detail }, attempt, waitMs }) =>
        logger.warn({ code, detail, attempt, waitMs: Math.round(waitMs) }, "asking the model again"),
    },
  });
  return {
    modelOf: (id) => overrides.models?.find((model) => model.id === id) ?? byId(id),
    async close() {
      await skills.close();
      await dispatcher.destroy();
    },
  };
};
