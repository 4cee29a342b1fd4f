import { z } from "zod";
import { isLoopbackHost } from "../../auth/admission.ts";
import { httpUrl, modelId, text, wholeNumber } from "./setting-kinds.ts";

const url = () => httpUrl(false, isLoopbackHost).optional();
const flag = z.boolean("is neither true nor false").optional();

const facts = z.strictObject(
  {
    name: text().optional(),
    contextTokens: wholeNumber(1_000, 100_000_000).optional(),
    tools: flag,
    images: flag,
    files: flag,
    reasoning: flag,
  },
  "is no description of a model",
);

/** The settings of providers other than OpenAI, by the names they have in a configuration file, and of what there is to choose from. */
export const providerSettings = {
  anthropicApiKey: text().optional(),
  anthropicBaseUrl: url(),
  googleApiKey: text().optional(),
  googleBaseUrl: url(),
  groqApiKey: text().optional(),
  groqBaseUrl: url(),
  xaiApiKey: text().optional(),
  xaiBaseUrl: url(),
  awsRegion: text().optional(),
  awsAccessKeyId: text().optional(),
  awsSecretAccessKey: text().optional(),
  awsSessionToken: text().optional(),
  bedrockApiKey: text().optional(),
  bedrockBaseUrl: url(),
  catalogue: z.record(modelId, facts, "is not a list by model").default({}),
};
