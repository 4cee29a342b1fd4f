/**
 * What is needed of a model of the AI SDK's packages: the language-model interface, version 4 (AI SDK 7). Said in words of our
 * own, so that nobody needs those packages to read our types.
 */
export interface AiSdkLanguageModel {
  /** `v4`; others are refused with a sentence. */
  readonly specificationVersion: string;
  readonly provider: string;
  readonly modelId: string;
  doStream(options: never): PromiseLike<{ readonly stream: ReadableStream<unknown> }>;
}

/**
 * A provider of the AI SDK, such as `createMistral({ apiKey })`.
 *
 * @example createColloquy({ server, providers: { mistral: createMistral() }, model: "mistral:mistral-large-latest" })
 */
export interface AiSdkProvider {
  languageModel(modelId: string): AiSdkLanguageModel;
}
