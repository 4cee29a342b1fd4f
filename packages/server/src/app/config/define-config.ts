import type { TurnLimits } from "@colloquy/protocol";
import type { ConversationHooks } from "../../conversation/surroundings.ts";
import type { Policy } from "../../turn/policy.ts";

/** A persona. */
export interface AssistantSetting {
  /** `provider:model`; the setting `model` when left out. */
  readonly model?: string;
  /** What the model is told before every conversation. */
  readonly instructions?: string;
  /** Names of tools; there are none yet, so the list must be empty. */
  readonly tools?: readonly string[];
  /** `queue` when left out. */
  readonly policy?: Policy;
  /** Times in milliseconds, or the limits that the oldest channel clients were written against. */
  readonly limits?: Partial<TurnLimits> | "classic";
}

/** Who answers on the channels whose name fits. */
export interface ChannelSetting {
  /** Id of an assistant, or `none`: prompts are only handed on. */
  readonly assistant: string;
  /** Instead of the assistant's own. */
  readonly policy?: Policy;
}

/** What `colloquy.config.ts` may hold. Settings of the environment go before these; see setting-facts.ts for each one's meaning. */
export interface ColloquyConfig extends ConversationHooks {
  readonly port?: number;
  readonly host?: string;
  readonly dataDir?: string;
  readonly model?: string;
  readonly openaiApiKey?: string;
  readonly openaiBaseUrl?: string | URL;
  readonly jwtSecret?: string;
  readonly jwksUrl?: string | URL;
  readonly jwtAudience?: string;
  readonly jwtIssuer?: string;
  readonly allowedOrigins?: readonly string[];
  readonly allowedHosts?: readonly string[];
  readonly allowAnonymous?: boolean;
  readonly allowQueryToken?: boolean;
  readonly serverKey?: string;
  readonly logLevel?: "debug" | "info" | "warn" | "error" | "silent";
  readonly promptsPerMinute?: number;
  readonly maxConnections?: number;
  readonly frameIntervalMs?: number;
  readonly recovery?: "rerun" | "end";
  readonly drainSeconds?: number;
  readonly heartbeatSeconds?: number;
  readonly silenceSeconds?: number;
  /** The one named `default`, else the first, answers where nothing else is said. */
  readonly assistants?: Readonly<Record<string, AssistantSetting>>;
  /** By pattern of channel names, in which `*` stands for any run of characters but `:`. The first that fits counts. */
  readonly channels?: Readonly<Record<string, ChannelSetting>>;
}

/**
 * Gives an editor something to help with.
 *
 * @example
 * // colloquy.config.ts
 * import { defineConfig } from "colloquy";
 * export default defineConfig({ assistants: { default: { instructions: "Answer in rhymes." } } });
 */
export const defineConfig = (config: ColloquyConfig): ColloquyConfig => config;
