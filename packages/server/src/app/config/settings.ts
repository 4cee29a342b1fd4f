import { z } from "zod";
import { isLoopbackHost } from "../../auth/admission.ts";
import type { ConversationHooks } from "../../conversation/surroundings.ts";
import { providerSettings } from "./provider-settings.ts";
import { roomSettings } from "./room-settings.ts";
import { sequencerSettings } from "./sequencer-settings.ts";
import {
  bearerKey,
  flag,
  httpUrl,
  list,
  modelId,
  oneOf,
  secret,
  text,
  wholeNumber,
} from "./setting-kinds.ts";

const originShape = /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@*]+$/i;
const hostShape = /^(\*|(\*\.)?[^\s/?#@*]+)$/;

const policy = z.union(
  [z.enum(["queue", "reject", "interrupt"]), z.strictObject({ parallel: z.int().min(1).max(16) })],
  "is no policy",
);

const milliseconds = z.int("is not a whole number").min(1, "is not above 0").optional();

const assistant = z.strictObject(
  {
    model: modelId.optional(),
    instructions: z.string("is not text").optional(),
    tools: z.array(z.string(), "is not a list").optional(),
    policy: policy.optional(),
    limits: z
      .union(
        [
          z.literal("classic"),
          z.strictObject({
            firstEventMs: milliseconds,
            silenceMs: milliseconds,
            turnMs: milliseconds,
            answerBytes: milliseconds,
          }),
        ],
        "are no limits",
      )
      .optional(),
  },
  "is no assistant",
);

const hook = <T>() => z.custom<T>((value) => typeof value === "function", "is not a function").optional();

/**
 * The one schema of all settings, by the names they have in a configuration file; setting-facts.ts has their names in
 * the environment. What has no default here is decided where everything is known.
 */
export const settingsSchema = z.strictObject({
  port: wholeNumber(0, 65_535).default(8080),
  host: text().default("127.0.0.1"),
  dataDir: text().default("./data"),
  model: z.preprocess((value) => (typeof value === "string" ? value.trim() : value), modelId).optional(),
  openaiApiKey: text().optional(),
  openaiBaseUrl: httpUrl(false, isLoopbackHost).optional(),
  jwtSecret: secret(32).optional(),
  jwksUrl: httpUrl(true, isLoopbackHost).optional(),
  jwtAudience: text().optional(),
  jwtIssuer: text().optional(),
  allowedOrigins: list(z.string().regex(originShape, "holds what is no origin")).default([]),
  allowedHosts: list(z.string().regex(hostShape, "holds what is no host name")).default([]),
  allowAnonymous: flag().default(false),
  allowQueryToken: flag().default(false),
  serverKey: bearerKey(16).optional(),
  logLevel: oneOf(["debug", "info", "warn", "error", "silent"]).default("info"),
  promptsPerMinute: wholeNumber(1, 1_000_000_000).optional(),
  publishesPerMinute: wholeNumber(1, 1_000_000_000).optional(),
  maxConnections: wholeNumber(1, 10_000_000).optional(),
  frameIntervalMs: wholeNumber(1, 1_000).default(25),
  recovery: oneOf(["rerun", "end"]).default("rerun"),
  drainSeconds: wholeNumber(0, 3_600).default(20),
  heartbeatSeconds: wholeNumber(1, 3_600).default(30),
  silenceSeconds: wholeNumber(1, 86_400).default(120),
  assistants: z
    .record(z.string().regex(/^(?!none$)[A-Za-z0-9_-]{1,64}$/, "is no id"), assistant, "is not a list by id")
    .default({}),
  channels: z
    .record(
      z.string().min(1).max(256),
      z.strictObject(
        { assistant: z.string("is not an assistant's id"), policy: policy.optional() },
        "is no rule",
      ),
      "is not a list by pattern",
    )
    .default({}),
  ...sequencerSettings,
  ...roomSettings,
  ...providerSettings,
  authorise: hook<NonNullable<ConversationHooks["authorise"]>>(),
  beforePrompt: hook<NonNullable<ConversationHooks["beforePrompt"]>>(),
  afterTurn: hook<NonNullable<ConversationHooks["afterTurn"]>>(),
});

/** Settings that have been read, defaults filled in. */
export type Settings = z.output<typeof settingsSchema>;
export type SettingName = keyof Settings;
