import type { ServerFrame } from "@colloquy/protocol/workers";
import type { Authenticator } from "../../auth/authenticator.ts";
import type { PatternMatcher } from "../../auth/pattern.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/logger.ts";
import type { Meter } from "../../kernel/meter.ts";
import type { WorkerDesk } from "../../models/worker-desk.ts";
import type { HeartbeatSettings } from "./heartbeat.ts";

export interface WorkersSettings extends HeartbeatSettings {
  /** Further connections are refused with 503. */
  readonly maxConnections: number;
  /** A connection that has not said by then who it is gets closed; milliseconds. */
  readonly authenticateWithinMs: number;
  /** A worker that leaves more than this unread is cut, bytes: prompts are small beside it. */
  readonly maxUnreadBytes: number;
}

export const defaultWorkersSettings: WorkersSettings = {
  maxConnections: 1_024,
  pingEveryMs: 30_000,
  silenceMs: 120_000,
  authenticateWithinMs: 10_000,
  maxUnreadBytes: 8 * 1024 * 1024,
};

/** What all connections of workers share. */
export interface WorkersContext {
  readonly desk: WorkerDesk;
  readonly authenticator: Authenticator;
  readonly matches: PatternMatcher;
  /** A frame as bytes; the same object is encoded once, for a prompt goes to many. */
  readonly encode: (frame: ServerFrame) => Buffer;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly meter: Meter;
  readonly settings: WorkersSettings;
}
