import type { Socket } from "socket.io";
import type { Authenticator } from "../../auth/authenticator.ts";
import type { Conversations } from "../../conversation/conversations.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/logger.ts";
import type { Meter } from "../../kernel/meter.ts";
import type { Outbox } from "../../kernel/outbox.ts";
import type { RateLimit } from "../../kernel/rate-limit.ts";
import type { Addressees } from "./rooms-voice.ts";
import type { LastRooms } from "./last-rooms.ts";
import type { People } from "./people.ts";
import type { PresenceFrames } from "./presence-frames.ts";

export interface SocketIoSettings {
  /** Further connections are refused. */
  readonly maxConnections: number;
  /** Rooms that one socket may be in at once. */
  readonly roomsPerSocket: number;
  readonly pingEveryMs: number;
  /** How long a client may take to answer a ping. */
  readonly pongWithinMs: number;
  /** A connection that has joined no namespace by then is closed; milliseconds. */
  readonly connectWithinMs: number;
  /** Answers that a client may leave unread, bytes; one that asks on without reading is closed. */
  readonly maxUnreadBytes: number;
}

export const defaultSocketIoSettings: SocketIoSettings = {
  maxConnections: Infinity,
  roomsPerSocket: 100,
  pingEveryMs: 25_000,
  pongWithinMs: 60_000,
  connectWithinMs: 10_000,
  maxUnreadBytes: 4 * 1024 * 1024,
};

/** What all sockets of a gateway share. */
export interface SocketIoContext {
  readonly conversations: Conversations;
  readonly authenticator: Authenticator;
  /** Prompts a minute, by user. */
  readonly prompts: RateLimit;
  /** Messages of the plain relay a minute, by user. */
  readonly publishes: RateLimit;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly meter: Meter;
  readonly settings: SocketIoSettings;
  readonly outbox: Outbox;
  readonly people: People;
  readonly lastRooms: LastRooms;
  readonly addressees: Addressees;
  readonly presence: PresenceFrames;
  /** Takes a token in the query. */
  readonly allowQueryToken: boolean;
}

/** A connection of Engine.IO: one client on one transport at a time, whatever its namespaces. */
export type EngineConnection = Socket["conn"];
