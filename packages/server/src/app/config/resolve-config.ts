import { classicTurnLimits, defaultTurnLimits, type TurnLimits } from "@colloquy/protocol";
import { isLoopbackHost, type AdmissionRules } from "../../auth/admission.ts";
import type { Policy } from "../../turn/policy.ts";
import type { Settings } from "./settings.ts";

/** An assistant with nothing left open but the model itself. */
export interface AssistantPlan {
  readonly id: string;
  /** `provider:model`. */
  readonly model: string;
  readonly instructions?: string;
  readonly policy: Policy;
  readonly limits: TurnLimits;
}

export interface ChannelRule {
  /** Channel names, in which `*` stands for any run of characters but `:`. */
  readonly pattern: string;
  /** Undefined where nobody answers. */
  readonly assistant: string | undefined;
  readonly policy?: Policy;
}

/** What follows from the settings once they are all known. */
export interface Config extends Omit<Settings, "assistants" | "channels" | "model"> {
  /** The default assistant's. */
  readonly model: string;
  /** Somebody chose the model; else it is what we think most likely. */
  readonly modelIsChosen: boolean;
  readonly assistants: ReadonlyMap<string, AssistantPlan>;
  readonly defaultAssistant: string;
  /** The first that fits counts. */
  readonly channels: readonly ChannelRule[];
  readonly admission: AdmissionRules;
  readonly promptsPerMinute: number;
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

const limitsOf = (limits: AssistantSettings["limits"]): TurnLimits => {
  if (limits === "classic") return classicTurnLimits;
  const { firstEventMs, silenceMs, turnMs, answerBytes } = { ...defaultTurnLimits, ...limits };
  return {
    firstEventMs: firstEventMs ?? defaultTurnLimits.firstEventMs,
    silenceMs: silenceMs ?? defaultTurnLimits.silenceMs,
    turnMs: turnMs ?? defaultTurnLimits.turnMs,
    answerBytes: answerBytes ?? defaultTurnLimits.answerBytes,
  };
};

const assistantsOf = (settings: Settings, model: string): ReadonlyMap<string, AssistantPlan> => {
  const given: readonly (readonly [string, AssistantSettings])[] = Object.entries(settings.assistants);
  const all = given.length > 0 ? given : [["default", {} satisfies AssistantSettings] as const];
  return new Map(
    all.map(([id, assistant]) => [
      id,
      {
        id,
        model: assistant.model ?? model,
        ...(assistant.instructions === undefined ? {} : { instructions: assistant.instructions }),
        policy: assistant.policy ?? "queue",
        limits: limitsOf(assistant.limits),
      },
    ]),
  );
};

/** Decides what was left open. */
export const resolveConfig = (settings: Settings): Config => {
  const model = modelOf(settings);
  const assistants = assistantsOf(settings, model);
  const [first = "default"] = assistants.keys();
  const admission = admissionOf(settings);
  const onlyHere = isLoopbackHost(settings.host);
  return {
    ...settings,
    model,
    modelIsChosen: settings.model !== undefined,
    assistants,
    defaultAssistant: assistants.has("default") ? "default" : first,
    channels: Object.entries(settings.channels).map(([pattern, rule]) => ({
      pattern,
      assistant: rule.assistant === "none" ? undefined : rule.assistant,
      ...(rule.policy === undefined ? {} : { policy: rule.policy }),
    })),
    admission,
    promptsPerMinute: settings.promptsPerMinute ?? (admission.anonymous === "loopback" ? 1_200 : 120),
    maxConnections: settings.maxConnections ?? (onlyHere ? Infinity : 10_000),
  };
};
