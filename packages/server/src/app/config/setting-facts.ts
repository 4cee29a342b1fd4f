import { providerFacts } from "./provider-facts.ts";
import { roomFacts } from "./room-facts.ts";
import { sequencerFacts } from "./sequencer-facts.ts";
import type { SettingFact } from "./setting-fact.ts";
import type { SettingName } from "./settings.ts";

/** What an operator needs to know of each setting. */
export const settingFacts: Readonly<Record<SettingName, SettingFact>> = {
  port: { env: "PORT", instead: "a port such as 8080; 0 takes any free one" },
  host: {
    env: "HOST",
    instead: "the address to listen on: 127.0.0.1 for this machine, 0.0.0.0 for all networks",
  },
  dataDir: { env: "DATA_DIR", instead: "the folder to keep conversations in, such as ./data" },
  model: {
    env: "MODEL",
    usual: "demo:guide; openai:gpt-5-mini with a key or an address of OpenAI",
    instead: "the default assistant's model as provider:model, such as demo:guide or openai:gpt-5-mini",
  },
  openaiApiKey: { env: "OPENAI_API_KEY", instead: "the key that the provider gave you", secret: true },
  openaiBaseUrl: {
    env: "OPENAI_BASE_URL",
    instead: "where the provider's API begins, such as http://localhost:11434/v1",
  },
  jwtSecret: {
    env: "JWT_SECRET",
    instead: "at least 32 bytes that nobody can guess, such as the output of: openssl rand -hex 32",
    secret: true,
  },
  jwksUrl: { env: "JWKS_URL", instead: "the https address of your identity provider's public keys" },
  jwtAudience: { env: "JWT_AUDIENCE", instead: "what the aud claim of a token must name" },
  jwtIssuer: { env: "JWT_ISSUER", instead: "what the iss claim of a token must be" },
  allowedOrigins: {
    env: "ALLOWED_ORIGINS",
    usual: "its own",
    instead: "each origin in full, with commas between: https://app.example.com,https://www.example.com",
  },
  allowedHosts: {
    env: "ALLOWED_HOSTS",
    usual: "the names of this machine",
    instead:
      "each name that people reach this server by, with commas between: chat.example.com,*.example.org",
  },
  allowAnonymous: { env: "ALLOW_ANONYMOUS", instead: "1 to serve people who have not signed in, else 0" },
  allowQueryToken: { env: "ALLOW_QUERY_TOKEN", instead: "1 to take tokens from ?token=, else 0" },
  serverKey: {
    env: "SERVER_KEY",
    instead: "at least 16 bytes that nobody can guess, such as the output of: openssl rand -hex 16",
    secret: true,
  },
  logLevel: { env: "LOG_LEVEL", instead: "debug, info, warn, error or silent" },
  promptsPerMinute: {
    env: "PROMPTS_PER_MINUTE",
    usual: "120; 1200 on loopback",
    instead: "how many prompts a minute one user may send, such as 120",
  },
  publishesPerMinute: {
    env: "PUBLISHES_PER_MINUTE",
    usual: "60000; no limit on loopback",
    instead: "how many frames a minute one user may publish over WebSocket, such as 60000",
  },
  maxConnections: {
    env: "MAX_CONNECTIONS",
    usual: "10000; no limit on loopback",
    instead: "how many connections may be open at once, such as 10000",
  },
  frameIntervalMs: {
    env: "FRAME_INTERVAL_MS",
    instead: "the least time between two frames of a growing answer in milliseconds, such as 25",
  },
  recovery: {
    env: "RECOVERY",
    instead: "rerun to ask the model again after a crash, end to keep what it had said",
  },
  drainSeconds: {
    env: "DRAIN_SECONDS",
    instead: "how long running answers may go on when the server is asked to stop, such as 20",
  },
  heartbeatSeconds: {
    env: "HEARTBEAT_SECONDS",
    instead: "the seconds between two pings of a connection, such as 30",
  },
  silenceSeconds: {
    env: "SILENCE_SECONDS",
    instead: "the seconds of silence after which a connection counts as lost, such as 120",
  },
  assistants: {
    instead:
      "{ id: { model, instructions, tools: ['*'], policy, limits } }; the policy is queue, reject, interrupt or { parallel: 4 }",
  },
  channels: { instead: '{ "pattern-*": { assistant: "id" } }; the assistant may be none' },
  ...sequencerFacts,
  ...roomFacts,
  ...providerFacts,
  authorise: { instead: "a function that returns whether the request is allowed" },
  beforePrompt: { instead: "a function that is called with each prompt" },
  afterTurn: { instead: "a function that is called with each ended turn" },
};
