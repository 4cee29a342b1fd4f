/** What a model is called and can do. */
export interface ModelFacts {
  /** As people know it. */
  readonly name: string;
  /** How many tokens a request and its answer may have. */
  readonly contextTokens: number;
  /** It can be given tools. */
  readonly tools: boolean;
  /** It sees images. */
  readonly images: boolean;
  /** It reads PDFs. */
  readonly files: boolean;
  /** It thinks before it answers, or can be told to. */
  readonly reasoning: boolean;
}

/** What a provider's models are taken to be as long as nothing else is known of them. */
export type UsualFacts = Omit<ModelFacts, "name">;

const million = 1_000_000;
const usual = { tools: true, images: true, files: true, reasoning: true } as const;
const textOnly = { tools: true, images: false, files: false, reasoning: false } as const;

/** By provider. The figures for unknown models are small on purpose: more history than fits is refused, less only forgotten. */
export const usualFacts: Readonly<Record<string, UsualFacts>> = {
  openai: { ...usual, contextTokens: 32_768, reasoning: false },
  "openai-responses": { ...usual, contextTokens: 128_000 },
  anthropic: { ...usual, contextTokens: 200_000 },
  google: { ...usual, contextTokens: 1_048_576 },
  groq: { ...textOnly, contextTokens: 131_072 },
  xai: { ...usual, contextTokens: 131_072, files: false },
  "amazon-bedrock": { ...usual, contextTokens: 128_000, reasoning: false },
  demo: { ...textOnly, contextTokens: 32_768, tools: false },
};

/** For providers that are passed in. */
export const usualFactsElsewhere: UsualFacts = { ...usual, contextTokens: 128_000, reasoning: false };

/**
 * Well-known models as of November 2026, by `provider:model`. Not a list of what there is: ids that are not here work as well, and
 * an operator's `catalogue` adds to it and corrects it.
 */
export const knownModels: Readonly<Record<string, ModelFacts>> = {
  "openai:gpt-6-sol": { ...usual, name: "GPT-6 Sol", contextTokens: 1_050_000 },
  "openai:gpt-6-luna": { ...usual, name: "GPT-6 Luna", contextTokens: 1_050_000 },
  "openai:gpt-5-mini": { ...usual, name: "GPT-5 mini", contextTokens: 400_000 },
  "openai:gpt-4.1-mini": { ...usual, name: "GPT-4.1 mini", contextTokens: 1_047_576, reasoning: false },
  "openai:gpt-4o-mini": { ...usual, name: "GPT-4o mini", contextTokens: 128_000, reasoning: false },
  "openai-responses:gpt-6-sol": { ...usual, name: "GPT-6 Sol, reasoning", contextTokens: 1_050_000 },
  "openai-responses:gpt-6-luna": { ...usual, name: "GPT-6 Luna, reasoning", contextTokens: 1_050_000 },
  "anthropic:claude-opus-5-5": { ...usual, name: "Claude Opus 5.5", contextTokens: million },
  "anthropic:claude-sonnet-5-5": { ...usual, name: "Claude Sonnet 5.5", contextTokens: million },
  "anthropic:claude-haiku-5-5": { ...usual, name: "Claude Haiku 5.5", contextTokens: million },
  "anthropic:claude-haiku-4-5": { ...usual, name: "Claude Haiku 4.5", contextTokens: 200_000 },
  "google:gemini-4-argon": { ...usual, name: "Gemini 4 Argon", contextTokens: 1_048_576 },
  "google:gemini-3.8-flash": { ...usual, name: "Gemini 3.8 Flash", contextTokens: 1_048_576 },
  "google:gemini-3.5-flash-lite": { ...usual, name: "Gemini 3.5 Flash-Lite", contextTokens: 1_048_576 },
  "groq:llama-3.3-70b-versatile": { ...textOnly, name: "Llama 3.3 70B", contextTokens: 131_072 },
  "groq:openai/gpt-oss-120b": {
    ...textOnly,
    name: "GPT-OSS 120B",
    contextTokens: 131_072,
    reasoning: true,
  },
  "groq:openai/gpt-oss-20b": { ...textOnly, name: "GPT-OSS 20B", contextTokens: 131_072, reasoning: true },
  "xai:grok-4.5": { ...usual, name: "Grok 4.5", contextTokens: 500_000, files: false },
  "xai:grok-4.3": { ...usual, name: "Grok 4.3", contextTokens: million, files: false },
  "amazon-bedrock:us.anthropic.claude-sonnet-4-5-20250929-v1:0": {
    ...usual,
    name: "Claude Sonnet 4.5",
    contextTokens: 200_000,
  },
  "amazon-bedrock:openai.gpt-oss-120b-1:0": {
    ...textOnly,
    name: "GPT-OSS 120B",
    contextTokens: 128_000,
    reasoning: true,
  },
  "demo:guide": { ...textOnly, name: "The guide", contextTokens: 32_768, tools: false },
  "demo:tools": { ...textOnly, name: "The demo with tools", contextTokens: 32_768 },
  "demo:echo": { ...textOnly, name: "The echo", contextTokens: 32_768, tools: false },
};
