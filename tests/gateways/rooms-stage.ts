import { createServer, type Server } from "node:http";
import type { Socket as NetSocket } from "node:net";
import { io, type ManagerOptions, type Socket, type SocketOptions } from "socket.io-client";
import { onTestFinished } from "vitest";
import { roomsNamespace } from "../../packages/protocol/src/rooms/index.ts";
import type { AdmissionRules } from "../../packages/server/src/auth/admission.ts";
import type { Principal } from "../../packages/server/src/auth/principal.ts";
import type { Conversations } from "../../packages/server/src/conversation/conversations.ts";
import type { RoomKind } from "../../packages/server/src/conversation/room-kind.ts";
import type { SocketIoSettings } from "../../packages/server/src/gateways/socketio/context.ts";
import {
  createSocketIoGateway,
  type SocketIoGateway,
} from "../../packages/server/src/gateways/socketio/socketio-gateway.ts";
import { systemClock, type Clock } from "../../packages/server/src/kernel/clock.ts";
import { silentLogger } from "../../packages/server/src/kernel/logger.ts";
import { createMeter, type Meter } from "../../packages/server/src/kernel/meter.ts";
import { createRateLimit } from "../../packages/server/src/kernel/rate-limit.ts";
import type { Model } from "../../packages/server/src/models/model.ts";
import { listen } from "../stand-ins/listen.ts";
import { authenticatorOf } from "./stage.ts";

export interface RoomsStageOptions {
  readonly conversations: Conversations;
  readonly settings?: Partial<SocketIoSettings>;
  readonly admission?: Partial<AdmissionRules>;
  /** Tokens and whose they are; `expired` is always one that has run out. With none at all everybody is anonymous. */
  readonly tokens?: Readonly<Record<string, Principal>>;
  readonly allowQueryToken?: boolean;
  readonly promptsPerMinute?: number;
  readonly publishesPerMinute?: number;
  readonly clock?: Clock;
}

export interface KnockOptions extends Partial<ManagerOptions & SocketOptions> {
  readonly token?: string;
  readonly namespace?: string;
}

/** An event that a client was told. */
export interface Heard {
  readonly name: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A client of Socket.IO that keeps everything it hears, in order. */
export interface Guest {
  readonly socket: Socket;
  readonly heard: readonly Heard[];
  /** The next event that was not taken yet, or the next of that name; those before it are passed over. */
  next(name?: string, fits?: (payload: Heard["payload"]) => boolean): Promise<Heard["payload"]>;
  /** Sends an event and resolves with its acknowledgement. */
  ask(event: string, payload?: unknown): Promise<Readonly<Record<string, unknown>>>;
  /** Resolves with the reason when the connection is lost, or with what kept it from being made. */
  readonly lost: Promise<string>;
  hangUp(): void;
}

export interface RoomsStage {
  readonly gateway: SocketIoGateway;
  readonly server: Server;
  readonly meter: Meter;
  readonly port: number;
  readonly url: string;
  /** The server's ends of the connections so far. */
  readonly sockets: readonly NetSocket[];
  /** A client that has connected; rejects with its `connect_error`. */
  enter(options?: KnockOptions): Promise<Guest>;
}

/** A kind of room in which this model answers under every id that begins with `m`. */
export const plainKind = (model: Model): RoomKind => ({
  model: (id) => (id.startsWith("m") ? model : undefined),
});

const isFields = (value: unknown): value is Heard["payload"] => typeof value === "object" && value !== null;

const listenTo = (socket: Socket): Guest => {
  const heard: Heard[] = [];
  let taken = 0;
  let arrived = Promise.withResolvers<void>();
  socket.onAny((name: string, payload: unknown) => {
    heard.push({ name, payload: isFields(payload) ? payload : {} });
    arrived.resolve();
    arrived = Promise.withResolvers();
  });
  return {
    socket,
    heard,
    lost: new Promise((resolve) => {
      socket.once("disconnect", resolve);
      socket.once("connect_error", ({ message }) => resolve(message));
    }),
    async next(name, fits = () => true) {
      for (;;) {
        while (taken < heard.length) {
          const event = heard[taken];
          taken += 1;
          if (event && (name === undefined || event.name === name) && fits(event.payload))
            return event.payload;
        }
        await arrived.promise;
      }
    },
    ask: (event, payload) => socket.emitWithAck(event, payload),
    hangUp: () => socket.disconnect(),
  };
};

/** A client that knocks, heard before it is let in. */
export const knock = (url: string, options: KnockOptions = {}): Guest => {
  const { token, namespace = roomsNamespace, ...more } = options;
  return listenTo(
    io(url + namespace, {
      transports: ["websocket"],
      reconnection: false,
      forceNew: true,
      ...(token !== undefined && { auth: { token } }),
      ...more,
    }),
  );
};

/** The gateway on a socket of loopback, cleared away when the test is over. */
export const setRoomsStage = async (options: RoomsStageOptions): Promise<RoomsStage> => {
  const meter = createMeter();
  const clock = options.clock ?? systemClock;
  const gateway = createSocketIoGateway({
    conversations: options.conversations,
    authenticator: authenticatorOf(options.tokens),
    admission: { hosts: [], origins: [], anonymous: "loopback", ...options.admission },
    prompts: createRateLimit(options.promptsPerMinute ?? Infinity, clock),
    publishes: createRateLimit(options.publishesPerMinute ?? Infinity, clock),
    allowQueryToken: options.allowQueryToken ?? false,
    clock,
    meter,
    logger: silentLogger,
    ...(options.settings && { settings: options.settings }),
  });
  const server = createServer((request, response) => {
    if (gateway.serves(request)) gateway.handleRequest(request, response);
    else response.writeHead(404).end();
  });
  const sockets: NetSocket[] = [];
  server.on("connection", (socket) => sockets.push(socket));
  server.on("upgrade", (request, socket, head) => {
    if (gateway.serves(request)) gateway.handleUpgrade(request, socket, head);
    else socket.destroy();
  });
  const port = await listen(server);
  gateway.start();
  const guests: Guest[] = [];
  onTestFinished(async () => {
    for (const guest of guests) guest.hangUp();
    await gateway.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const url = `http://127.0.0.1:${port}`;
  return {
    gateway,
    server,
    meter,
    port,
    url,
    sockets,
    async enter(how) {
      const guest = knock(url, how);
      guests.push(guest);
      await new Promise<void>((resolve, reject) => {
        guest.socket.once("connect", resolve);
        guest.socket.once("connect_error", reject);
      });
      return guest;
    },
  };
};
