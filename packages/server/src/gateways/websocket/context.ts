import { wireLimits } from "@colloquy/protocol";
import type { Authenticator } from "../../auth/authenticator.ts";
import type { Conversations } from "../../conversation/conversations.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/logger.ts";
import type { Meter } from "../../kernel/meter.ts";
import type { RateLimit } from "../../kernel/rate-limit.ts";
import type { HeartbeatSettings } from "./heartbeat.ts";
import type { Outbox } from "../../kernel/outbox.ts";

export interface WebSocketSettings extends HeartbeatSettings {
  /** Further connections are refused with 503. */
  readonly maxConnections: number;
  readonly channelsPerConnection: number;
  /** A connection that has not said by then who it is gets closed; milliseconds. */
  readonly authenticateWithinMs: number;
}

export const defaultWebSocketSettings: WebSocketSettings = {
  maxConnections: Infinity,
  channelsPerConnection: wireLimits.channelsPerConnection,
  pingEveryMs: 30_000,
  silenceMs: 120_000,
  authenticateWithinMs: 10_000,
};

/** What all connections of a gateway share. */
export interface GatewayContext {
  readonly conversations: Conversations;
  readonly authenticator: Authenticator;
  /** Prompts a minute, by user. */
  readonly prompts: RateLimit;
  /** Frames a minute, by user. */
  readonly publishes: RateLimit;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly meter: Meter;
  readonly settings: WebSocketSettings;
  readonly outbox: Outbox;
}
