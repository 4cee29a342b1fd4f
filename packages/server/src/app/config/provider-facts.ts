import type { SettingFact } from "./setting-fact.ts";

const key = (env: string): SettingFact => ({
  env,
  instead: "the key that the provider gave you",
  secret: true,
});
const baseUrl = (env: string, such: string): SettingFact => ({
  env,
  instead: `where the provider's API begins, such as ${such}`,
});

/** What an operator needs to know of each setting of providers. */
export const providerFacts = {
  anthropicApiKey: key("ANTHROPIC_API_KEY"),
  anthropicBaseUrl: baseUrl("ANTHROPIC_BASE_URL", "https://api.anthropic.com/v1"),
  googleApiKey: key("GOOGLE_GENERATIVE_AI_API_KEY"),
  googleBaseUrl: baseUrl("GOOGLE_BASE_URL", "https://generativelanguage.googleapis.com/v1beta"),
  groqApiKey: key("GROQ_API_KEY"),
  groqBaseUrl: baseUrl("GROQ_BASE_URL", "https://api.groq.com/openai/v1"),
  xaiApiKey: key("XAI_API_KEY"),
  xaiBaseUrl: baseUrl("XAI_BASE_URL", "https://api.x.ai/v1"),
  awsRegion: { env: "AWS_REGION", instead: "the region of your Amazon Bedrock models, such as us-east-1" },
  awsAccessKeyId: { env: "AWS_ACCESS_KEY_ID", instead: "the id of your AWS access key", secret: true },
  awsSecretAccessKey: { env: "AWS_SECRET_ACCESS_KEY", instead: "your AWS secret access key", secret: true },
  awsSessionToken: {
    env: "AWS_SESSION_TOKEN",
    instead: "the session token of temporary AWS keys",
    secret: true,
  },
  bedrockApiKey: key("AWS_BEARER_TOKEN_BEDROCK"),
  bedrockBaseUrl: baseUrl("BEDROCK_BASE_URL", "https://bedrock-runtime.us-east-1.amazonaws.com"),
  catalogue: {
    instead:
      "{ 'openai:llama3.2': { name, contextTokens, tools, images, files, reasoning } }: models to choose from",
  },
} satisfies Readonly<Record<string, SettingFact>>;
