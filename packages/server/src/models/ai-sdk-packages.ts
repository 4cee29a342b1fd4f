import { createRequire } from "node:module";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import type { AiSdkProvider } from "./ai-sdk-port.ts";

/** What a package's provider is made with. */
export interface PackageOptions {
  readonly fetch: typeof fetch;
  readonly apiKey?: string;
  readonly baseURL?: string;
  readonly region?: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  readonly sessionToken?: string;
}

/** A package that is there only if somebody has installed it. */
export interface AiSdkPackage {
  /** As one would install it. */
  readonly install: string;
  readonly name: string;
  /** Imports it: the first time that one of its models is asked. */
  readonly load: (options: PackageOptions) => Promise<AiSdkProvider>;
}

export type PackagedProvider =
  | "openai-responses"
  | "anthropic"
  | "google"
  | "groq"
  | "xai"
  | "amazon-bedrock";

export const aiSdkPackages: Readonly<Record<PackagedProvider, AiSdkPackage>> = {
  "openai-responses": {
    name: "@ai-sdk/openai",
    install: "@ai-sdk/openai@4",
    load: async (options) => (await import("@ai-sdk/openai")).createOpenAI(options),
  },
  anthropic: {
    name: "@ai-sdk/anthropic",
    install: "@ai-sdk/anthropic@4",
    load: async (options) => (await import("@ai-sdk/anthropic")).createAnthropic(options),
  },
  google: {
    name: "@ai-sdk/google",
    install: "@ai-sdk/google@4",
    load: async (options) => (await import("@ai-sdk/google")).createGoogle(options),
  },
  groq: {
    name: "@ai-sdk/groq",
    install: "@ai-sdk/groq@4",
    load: async (options) => (await import("@ai-sdk/groq")).createGroq(options),
  },
  xai: {
    name: "@ai-sdk/xai",
    install: "@ai-sdk/xai@5",
    load: async (options) => (await import("@ai-sdk/xai")).createXai(options),
  },
  "amazon-bedrock": {
    name: "@ai-sdk/amazon-bedrock",
    install: "@ai-sdk/amazon-bedrock@5",
    load: async (options) => (await import("@ai-sdk/amazon-bedrock")).createAmazonBedrock(options),
  },
};

/** Whether a package can be imported from here. */
export const isInstalled = (name: string): boolean => {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch (error) {
    // A package that has nothing for `require` is there all the same.
    return error instanceof Error && "code" in error && error.code !== "MODULE_NOT_FOUND";
  }
};

/** Loads a package once; what goes wrong is told again at each call. */
export const loadOnce = (
  { name, install, load }: AiSdkPackage,
  options: PackageOptions,
): (() => Promise<AiSdkProvider>) => {
  let loaded: Promise<AiSdkProvider> | undefined;
  return async () => {
    loaded ??= load(options);
    try {
      return await loaded;
    } catch (cause) {
      loaded = undefined;
      throw new ColloquyError("provider_refused", {
        detail: `the package ${name} could not be loaded: npm install ${install}`,
        cause,
      });
    }
  };
};
