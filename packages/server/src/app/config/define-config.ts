import type { TurnLimits } from "@colloquy/protocol";
import type { RoomKind } from "../../conversation/room-kind.ts";
import type { ConversationHooks } from "../../conversation/surroundings.ts";
import type { CatalogueAdditions } from "../../models/catalogue.ts";
import type { ToolsSetting } from "../../tools/tools-setting.ts";
import type { Policy } from "../../turn/policy.ts";

/** A persona. */
export interface AssistantSetting {
  /** `provider:model`; the setting `model` when left out. */
  readonly model?: string;
  /** What the model is told before every conversation. */
  readonly instructions?: string;
  /** Names of tools that its model may call; a `*` stands for any text. None when left out. */
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

/** Models that are reached by UDP. */
export interface UdpSetting {
  /** The ports that prompts are sent to. */
  readonly ports?: readonly number[];
  /** The port on which replies are heard. */
  readonly listenPort?: number;
  /** 127.0.0.1 when left out. */
  readonly address?: string;
  /** Which form of the wire; 1 when left out. */
  readonly generation?: 1 | 2;
  /** What the model of a port is for. */
  readonly functions?: Readonly<Record<number, string>>;
  /** The longest datagram that models read whole, bytes. */
  readonly maxDatagram?: number;
  /** Shared with the models: all datagrams are signed. */
  readonly secret?: string;
  /** Takes replies from other machines too. */
  readonly lan?: boolean;
  /** The models are known to repeat ids, so that they need not show it first. */
  readonly echoes?: boolean;
}

/** A model made of models: all are asked, one answers. Assistants have it as `sequencer:<name>`; its own conversation is `seq:<name>`. */
export interface SequencerSetting {
  /** Ids of models, `provider:model`, no sequencers among them. */
  readonly models?: readonly string[];
  /** `first` when left out; `all`: each reply stands by itself. */
  readonly policy?: "first" | "all";
  /** Seconds that models have to take a prompt; 30 when left out. */
  readonly deadline?: number;
  /** Seconds in which a model that has claimed a prompt must say something; 10 when left out. */
  readonly claim?: number;
  /** Id of the model that is asked when nobody took the prompt. */
  readonly fallback?: string;
  /** For `main`, what is left out is as the environment has it. */
  readonly udp?: UdpSetting | false;
  /** TCP port on which breakouts are heard. */
  readonly ingressPort?: number | false;
  /** Workers that register at `/models` are asked too; for `main` they are unless this is false. */
  readonly workers?: boolean;
  /** The four skills are asked too, in a process of their own. */
  readonly skills?: boolean;
}

/** What `colloquy.config.ts` may hold. Settings of the environment go before these; see setting-facts.ts for each one's meaning. */
export interface ColloquyConfig extends ConversationHooks {
  readonly port?: number;
  readonly host?: string;
  readonly dataDir?: string;
  readonly model?: string;
  readonly openaiApiKey?: string;
  readonly openaiBaseUrl?: string | URL;
  readonly anthropicApiKey?: string;
  readonly anthropicBaseUrl?: string | URL;
  readonly googleApiKey?: string;
  readonly googleBaseUrl?: string | URL;
  readonly groqApiKey?: string;
  readonly groqBaseUrl?: string | URL;
  readonly xaiApiKey?: string;
  readonly xaiBaseUrl?: string | URL;
  readonly awsRegion?: string;
  readonly awsAccessKeyId?: string;
  readonly awsSecretAccessKey?: string;
  readonly awsSessionToken?: string;
  readonly bedrockApiKey?: string;
  readonly bedrockBaseUrl?: string | URL;
  /** More models to choose from, or what is different with well-known ones; by `provider:model`. */
  readonly catalogue?: CatalogueAdditions;
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
  readonly publishesPerMinute?: number;
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
  /** The sequencer `main` is there when it is named here, or any setting that begins with `sequencer` is set. */
  readonly sequencers?: Readonly<Record<string, SequencerSetting>>;
  readonly sequencerEnabled?: boolean;
  readonly sequencerIngressPort?: number;
  readonly sequencerListenPort?: number;
  readonly sequencerBroadcastPorts?: readonly number[];
  readonly sequencerBroadcastAddress?: string;
  readonly sequencerGeneration?: 1 | 2;
  /** Seconds. */
  readonly sequencerDeadline?: number;
  readonly sequencerMaxDatagram?: number;
  readonly sequencerSecret?: string;
  readonly sequencerFunctions?: Readonly<Record<number, string>>;
  readonly sequencerLan?: boolean;
  /** Tools beside those that are built in: your own, and those of MCP servers. */
  readonly tools?: ToolsSetting;
  /** How long a call of a tool waits for an approval. */
  readonly approvalSeconds?: number;
  /** Ids of the models that rooms may name, in which a `*` stands for any text; all when left out. */
  readonly roomModels?: readonly string[];
  /** Names of the tools that rooms have, in which a `*` stands for any text; all when left out. */
  readonly roomTools?: readonly string[];
  readonly roomInstructions?: string;
  /** Your own kinds of rooms, by the `model_api_source` that clients name. */
  readonly roomKinds?: Readonly<Record<string, RoomKind>>;
  /** Whether there is the assistant `team`; there is where only this machine is served, but for embedded servers. */
  readonly team?: boolean;
  /** The folder whose files the team may read; `files` in the data folder when left out. */
  readonly teamFolder?: string;
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
