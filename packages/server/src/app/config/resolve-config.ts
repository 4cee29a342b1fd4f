import { classicTurnLimits, defaultTurnLimits, type TurnLimits } from "@colloquy/protocol";
import { isLoopbackHost, type AdmissionRules } from "../../auth/admission.ts";
import type { Policy } from "../../turn/policy.ts";
import {
  planSequencers,
  type SequencerPlan,
  type SequencerPlans,
  type SkillsPlan,
} from "./sequencer-plans.ts";
import type { Settings } from "./settings.ts";

/** An assistant with nothing left open but the model itself. */
export interface AssistantPlan {
  readonly id: string;
  /** `provider:model`. */
  readonly model: string;
  readonly instructions?: string;
  /** Names of tools, in which `*` stands for any text. */
  readonly tools?: readonly string[];
  readonly policy: Policy;
  readonly limits: TurnLimits;
  readonly approvalMs: number;
  /** How many exchanges go along with a prompt at most. */
  readonly contextExchanges?: number;
}

export interface ChannelRule {
  /** Channel names, in which `*` stands for any run of characters but `:`. */
  readonly pattern: string;
  /** Undefined where nobody answers. */
  readonly assistant: string | undefined;
  readonly policy?: Policy;
}

/** What follows from the settings once they are all known. */
export interface Config extends Omit<Settings, "assistants" | "channels" | "model" | "sequencers" | "team"> {
  /** The default assistant's. */
  readonly model: string;
  /** Somebody chose the model; else it is what we think most likely. */
  readonly modelIsChosen: boolean;
  readonly assistants: ReadonlyMap<string, AssistantPlan>;
  readonly defaultAssistant: string;
  /** Who answers in the conversations of the sequencers, by conversation. */
  readonly sequencerAssistants: ReadonlyMap<string, AssistantPlan>;
  readonly sequencers: ReadonlyMap<string, SequencerPlan>;
  readonly skills: SkillsPlan;
  /** The first that fits counts. */
  readonly channels: readonly ChannelRule[];
  readonly admission: AdmissionRules;
  readonly promptsPerMinute: number;
  readonly publishesPerMinute: number;
  /** Infinity where nothing was said and only this machine can connect. */
  readonly maxConnections: number;
}

/** A model that every provider account has, for those who gave a key and named no model. */
const usualModel = "openai:gpt-5-mini";

/** Addresses that mean "all of mine" and so are no name that a request could ask for. */
const unspecified = new Set(["0.0.0.0", "::", "[::]", "*"]);

const modelOf = (settings: Settings): string =>
  settings.model ?? (settings.openaiApiKey || settings.openaiBaseUrl ? usualModel : "demo:guide");

const admissionOf = (settings: Settings): AdmissionRules => {
  const hasAuth = settings.jwtSecret !== undefined || settings.jwksUrl !== undefined;
  const own = unspecified.has(settings.host)
    ? []
    : [settings.host.includes(":") ? `[${settings.host}]` : settings.host];
  const onlyHere = isLoopbackHost(settings.host);
  return {
    hosts: [...own, ...settings.allowedHosts],
    origins: settings.allowedOrigins,
    anonymous: settings.allowAnonymous ? "always" : hasAuth || !onlyHere ? "never" : "loopback",
  };
};

type AssistantSettings = Settings["assistants"][string];

/** What a fallback has, when nobody took the prompt until the deadline, to begin its answer. Milliseconds. */
const fallbackMs = 30_000;

const limitsOf = (limits: AssistantSettings["limits"], asked: SequencerPlan | undefined): TurnLimits => {
  if (limits === "classic") return classicTurnLimits;
  const { firstEventMs, silenceMs, turnMs, answerBytes } = { ...defaultTurnLimits, ...limits };
  const usual = Math.max(defaultTurnLimits.firstEventMs, (asked?.deadlineMs ?? 0) + fallbackMs);
  return {
    firstEventMs: limits?.firstEventMs === undefined ? usual : (firstEventMs ?? usual),
    silenceMs: silenceMs ?? defaultTurnLimits.silenceMs,
    turnMs: turnMs ?? defaultTurnLimits.turnMs,
    answerBytes: answerBytes ?? defaultTurnLimits.answerBytes,
  };
};

/** @param plans of the sequencers, for assistants whose model is one of them */
const assistantOf = (
  id: string,
  assistant: AssistantSettings,
  usualModel: string,
  plans: SequencerPlans["sequencers"],
  approvalMs: number,
): AssistantPlan => {
  const model = assistant.model ?? usualModel;
  const asked = model.startsWith("sequencer:") ? plans.get(model.slice("sequencer:".length)) : undefined;
  return {
    id,
    model,
    policy: assistant.policy ?? "queue",
    limits: limitsOf(assistant.limits, asked),
    approvalMs,
    ...(assistant.tools && { tools: assistant.tools }),
    ...(assistant.instructions !== undefined && { instructions: assistant.instructions }),
    ...(asked?.contextExchanges !== undefined && { contextExchanges: asked.contextExchanges }),
  };
};

const assistantsOf = (
  settings: Settings,
  model: string,
  { sequencers, hasTeam }: SequencerPlans,
): ReadonlyMap<string, AssistantPlan> => {
  const given: readonly (readonly [string, AssistantSettings])[] = Object.entries(settings.assistants);
  const all = given.length > 0 ? given : [["default", {} satisfies AssistantSettings] as const];
  const team = hasTeam ? [["team", { model: "sequencer:team" }] as const] : [];
  return new Map(
    [...all, ...team].map(([id, assistant]) => [
      id,
      assistantOf(id, assistant, model, sequencers, settings.approvalSeconds * 1_000),
    ]),
  );
};

/** The team has a channel of its own name, unless the operator says who answers there. */
const channelsOf = (settings: Settings, hasTeam: boolean): readonly ChannelRule[] => [
  ...Object.entries(settings.channels).map(([pattern, rule]) => ({
    pattern,
    assistant: rule.assistant === "none" ? undefined : rule.assistant,
    ...(rule.policy === undefined ? {} : { policy: rule.policy }),
  })),
  ...(hasTeam ? [{ pattern: "team", assistant: "team" }] : []),
];

/** As many prompts at a time as sequencers that repeat ids can carry, and many that wait for those that do not. */
const sequencerPolicy: Policy = { parallel: 64, waiting: 1_000 };

const sequencerAssistantsOf = (plans: SequencerPlans["sequencers"]): ReadonlyMap<string, AssistantPlan> =>
  new Map(
    [...plans.keys()].map((name) => {
      const id = `seq:${name}`;
      return [id, { ...assistantOf(id, {}, `sequencer:${name}`, plans, 0), policy: sequencerPolicy }];
    }),
  );

/**
 * Decides what was left open.
 *
 * @param embedded somebody else listens
 */
export const resolveConfig = (settings: Settings, embedded: boolean): Config => {
  const model = modelOf(settings);
  const plans = planSequencers(settings, !embedded && isLoopbackHost(settings.host));
  const assistants = assistantsOf(settings, model, plans);
  const [first = "default"] = assistants.keys();
  const admission = admissionOf(settings);
  const onlyHere = isLoopbackHost(settings.host);
  return {
    ...settings,
    model,
    modelIsChosen: settings.model !== undefined,
    assistants,
    defaultAssistant: assistants.has("default") ? "default" : first,
    sequencerAssistants: sequencerAssistantsOf(plans.sequencers),
    sequencers: plans.sequencers,
    skills: plans.skills,
    channels: channelsOf(settings, plans.hasTeam),
    admission,
    promptsPerMinute: settings.promptsPerMinute ?? (admission.anonymous === "loopback" ? 1_200 : 120),
    publishesPerMinute:
      settings.publishesPerMinute ?? (admission.anonymous === "loopback" ? Infinity : 60_000),
    maxConnections: settings.maxConnections ?? (onlyHere ? Infinity : 10_000),
  };
};
