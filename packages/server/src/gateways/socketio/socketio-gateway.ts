import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Server, Socket } from "socket.io";
import { roomsNamespace, roomsPaths } from "@colloquy/protocol/rooms";
import type { AdmissionRules } from "../../auth/admission.ts";
import { toColloquyError } from "../../kernel/colloquy-error.ts";
import { sayGoodbye, type Goodbye } from "../../kernel/goodbye.ts";
import { createOutbox } from "../../kernel/outbox.ts";
import { refusalOf, refuseRequest, refuseUpgrade } from "./admit-request.ts";
import { Connection } from "./connection.ts";
import {
  defaultSocketIoSettings,
  type EngineConnection,
  type SocketIoContext,
  type SocketIoSettings,
} from "./context.ts";
import { createIo } from "./create-io.ts";
import { identify } from "./identify.ts";
import { limitPackets } from "./limit-packets.ts";
import { createLastRooms } from "./last-rooms.ts";
import { createPeople, type People } from "./people.ts";
import { createPresenceFrames } from "./presence-frames.ts";
import { receive } from "./receive.ts";
import { connectError } from "./refusal.ts";
import { createPlainRelay } from "./relay.ts";
import { RoomSocket } from "./room-socket.ts";
import { roomFrame } from "./rooms-voice.ts";

type Made = "settings" | "outbox" | "people" | "lastRooms" | "addressees" | "presence";

export interface SocketIoGatewayOptions extends Omit<SocketIoContext, Made> {
  readonly admission: AdmissionRules;
  readonly settings?: Partial<SocketIoSettings>;
}

/** The rooms wire on Socket.IO. */
export interface SocketIoGateway extends Pick<People, "socketsOf" | "userOf"> {
  /** Whether a request asks for one of this gateway's paths. */
  serves(request: IncomingMessage): boolean;
  /** For the HTTP server's `request` event; only for requests that it serves. */
  handleRequest(request: IncomingMessage, response: ServerResponse): void;
  /** For the HTTP server's `upgrade` event; only for requests that it serves. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /**
   * Socket.IO itself, for namespaces of one's own: `io.of("/mine")`. Whoever connects to any of them is known by then, as
   * `socket.data.user`; of the request that it came with, `socket.handshake` has what there is to know. Its rooms and broadcasts reach the sockets of such namespaces only.
   */
  readonly io: Server;
  /**
   * Sends an event to everybody who is in a room with an assistant just now. No log has it, and who is not there misses it.
   *
   * @param except a socket that is not told: its sender's, say
   * @returns how many sockets were told
   */
  broadcast(roomId: string, event: string, payload: object, except?: string): number;
  /** Begins to look after the connections. */
  start(): void;
  /** Takes no more connections and closes those there are, spread over time; resolves when the last one is gone. */
  goodbye(goodbye: Goodbye): Promise<void>;
  /** Cuts what is left. May be called twice. */
  close(): Promise<void>;
}

const sweepEveryMs = 1_000;

const pathOf = (request: IncomingMessage): string | undefined =>
  URL.parse(request.url ?? "", "http://any")?.pathname;

export const createSocketIoGateway = (options: SocketIoGatewayOptions): SocketIoGateway => {
  const { admission, clock, meter } = options;
  const settings = { ...defaultSocketIoSettings, ...options.settings };
  const context: SocketIoContext = {
    ...options,
    settings,
    outbox: createOutbox(),
    people: createPeople(),
    lastRooms: createLastRooms(),
    addressees: new WeakMap(),
    presence: createPresenceFrames(),
  };
  const { people } = context;
  const connections = new Set<Connection>();
  const connectionOf = new WeakMap<EngineConnection, Connection>();
  const roomSockets = new Set<RoomSocket>();
  const relay = createPlainRelay(context);
  let state: "open" | "leaving" | "closed" = "open";
  let stopSweeping: (() => void) | undefined;
  const io = createIo({ admission, settings, closed: () => (state === "open" ? undefined : "draining") });

  io.engine.on("connection", (conn: EngineConnection) => {
    const connection = new Connection(conn, context);
    connections.add(connection);
    connectionOf.set(conn, connection);
    meter.connections += 1;
    conn.once("close", () => {
      connections.delete(connection);
      meter.connections -= 1;
      connection.gone();
    });
  });

  const countRefusal = <T>(refusal: T): T => {
    meter.refusals += 1;
    return refusal;
  };
  io.engine.on("connection_error", countRefusal);

  /** Why a socket is not let in; undefined when it is. */
  const strangerIn = async (socket: Socket): Promise<Error | undefined> => {
    try {
      const principal = await identify(socket, context);
      Object.assign(socket.data, { principal, user: principal.user });
      connectionOf.get(socket.conn)?.admit();
      return undefined;
    } catch (thrown) {
      const error = toColloquyError(thrown);
      if (error.code === "internal") context.logger.error({ err: thrown }, "nobody can be identified");
      return countRefusal(connectError(error));
    }
  };
  const letIn: Parameters<Server["use"]>[0] = (socket, goOn) => void strangerIn(socket).then(goOn);
  io.use(letIn);
  io.on("new_namespace", (namespace) => namespace.use(letIn));

  io.of(roomsNamespace).on("connection", (socket) => {
    const connection = connectionOf.get(socket.conn);
    if (!connection) return;
    const member = new RoomSocket({ context, connection, socket, principal: socket.data.principal });
    people.add(socket.id, socket.data.user);
    roomSockets.add(member);
    socket.onAny((event: unknown, ...args: readonly unknown[]) => receive(member, event, args));
    socket.once("disconnect", () => {
      people.remove(socket.id);
      roomSockets.delete(member);
      member.leave();
    });
  });

  io.of("/").on("connection", (socket) => {
    const connection = connectionOf.get(socket.conn);
    if (!connection) return;
    const member = { connection, rooms: new Set<string>(), principal: socket.data.principal };
    people.add(socket.id, socket.data.user);
    relay.enter(member);
    socket.onAny((event: unknown, ...args: readonly unknown[]) => void relay.receive(member, event, args));
    socket.once("disconnect", () => {
      people.remove(socket.id);
      relay.leave(member);
    });
  });

  const sweep = (): void => {
    for (const socket of roomSockets) socket.sweep();
    relay.sweep();
    for (const connection of connections) connection.sweep();
  };

  return {
    io,
    socketsOf: (user) => people.socketsOf(user),
    userOf: (socketId) => people.userOf(socketId),
    broadcast(roomId, event, payload, except) {
      const frame = roomFrame(event, payload);
      let told = 0;
      for (const socket of roomSockets) {
        const seat = socket.id === except ? undefined : socket.seats.get(roomId);
        seat?.tell(frame);
        if (seat) told += 1;
      }
      return told;
    },
    serves(request) {
      const path = pathOf(request);
      return roomsPaths.some((served) => path === served);
    },
    handleRequest(request, response) {
      const refusal = refusalOf(request, admission);
      if (refusal !== undefined) return refuseRequest(response, countRefusal(refusal));
      io.engine.handleRequest(request, response);
      if (request.method === "POST") limitPackets(request, response, countRefusal);
    },
    handleUpgrade(request, socket, head) {
      const refusal = refusalOf(request, admission);
      if (refusal === undefined) io.engine.handleUpgrade(request, socket, head);
      else refuseUpgrade(socket, countRefusal(refusal));
    },
    start() {
      stopSweeping ??= clock.every(sweepEveryMs, sweep);
    },
    goodbye(goodbye) {
      if (state === "open") state = "leaving";
      return sayGoodbye(connections, goodbye, clock);
    },
    async close() {
      if (state === "closed") return;
      state = "closed";
      stopSweeping?.();
      for (const connection of connections) connection.terminate();
      await io.close();
    },
  };
};
