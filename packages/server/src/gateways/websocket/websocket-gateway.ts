import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import { wireLimits } from "@colloquy/protocol";
import type { AdmissionRules } from "../../auth/admission.ts";
import { toColloquyError, type ColloquyError } from "../../kernel/colloquy-error.ts";
import type { Principal } from "../../auth/principal.ts";
import { carryOut } from "./commands.ts";
import { Connection } from "./connection.ts";
import { defaultWebSocketSettings, type GatewayContext, type WebSocketSettings } from "./context.ts";
import { sayGoodbye, type Goodbye } from "./goodbye.ts";
import { credentialsOf, refusalOf, refuseUpgrade } from "./handshake.ts";
import { sweepEvery } from "./heartbeat.ts";
import { createReceive } from "./receive.ts";

export interface WebSocketGatewayOptions extends Omit<GatewayContext, "settings"> {
  readonly admission: AdmissionRules;
  /** Takes `?token=`, for clients that can be given only a URL. */
  readonly allowQueryToken: boolean;
  /** Where the wire is served; `/ws` when not given. */
  readonly path?: string;
  readonly settings?: Partial<WebSocketSettings>;
}

/** The channels wire on WebSocket. */
export interface WebSocketGateway {
  /** For the HTTP server's `upgrade` event; answers requests that are not for this gateway with 404. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Begins to look after the connections: heartbeats, deadlines, expiry. */
  start(): void;
  /** Takes no more connections and closes those there are, spread over time; resolves when the last one is gone. */
  goodbye(goodbye: Goodbye): Promise<void>;
  /** Cuts what is left. May be called twice. */
  close(): Promise<void>;
}

/** A `ws` socket with the connection that it belongs to, so that all of them share their listeners. */
interface Held extends WebSocket {
  [connectionOf]?: Connection;
}
const connectionOf = Symbol("connection");

function cut(this: Duplex): void {
  this.destroy();
}

/** The token was no good: the socket opens all the same, for a browser reads no refusal of an upgrade. */
const toldOnSocket = new Set(["token_invalid", "token_expired", "not_authenticated"]);

export const createWebSocketGateway = (options: WebSocketGatewayOptions): WebSocketGateway => {
  const { admission, allowQueryToken, path = "/ws", clock, meter, logger } = options;
  const settings = { ...defaultWebSocketSettings, ...options.settings };
  const context: GatewayContext = { ...options, settings };
  const receive = createReceive(carryOut);
  const connections = new Set<Connection>();
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    clientTracking: false,
    maxPayload: wireLimits.anonymousFrameBytes,
  });
  let opening = 0;
  let state: "open" | "leaving" | "closed" = "open";
  let stopSweeping: (() => void) | undefined;

  function onMessage(this: Held, ...[data, isBinary]: Parameters<Connection["message"]>): void {
    this[connectionOf]?.message(data, isBinary);
  }
  function onPong(this: Held, data: Buffer): void {
    this[connectionOf]?.pong(data);
  }
  function onClose(this: Held): void {
    const connection = this[connectionOf];
    if (!connection || !connections.delete(connection)) return;
    meter.connections -= 1;
    connection.gone();
  }
  // `ws` closes the connection itself; a frame over the hard limit or a broken one is the peer's affair.
  function onError(this: Held, error: Error): void {
    meter.refusals += 1;
    logger.debug({ err: error }, "a connection broke");
  }

  const hold = (socket: Duplex, ws: Held, request: IncomingMessage): Connection => {
    const credentials = credentialsOf(request, false);
    const connection = new Connection({ context, socket, ws, credentials, receive });
    ws[connectionOf] = connection;
    ws.on("message", onMessage);
    ws.on("pong", onPong);
    ws.on("close", onClose);
    ws.on("error", onError);
    connections.add(connection);
    meter.connections += 1;
    return connection;
  };

  const open = async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    let who: Principal | ColloquyError | undefined;
    try {
      who = await options.authenticator.identify(credentialsOf(request, allowQueryToken));
    } catch (thrown) {
      const error = toColloquyError(thrown);
      if (!toldOnSocket.has(error.code)) {
        logger.error({ err: thrown }, "nobody can be identified");
        refuseUpgrade(socket, { code: error.code });
        return;
      }
      who = error;
    }
    if (state !== "open") {
      refuseUpgrade(socket, { code: "draining" });
      return;
    }
    server.handleUpgrade(request, socket, head, (ws) => {
      socket.removeListener("error", cut);
      const connection = hold(socket, ws, request);
      if (who instanceof Error) connection.turnAway(who);
      else if (who) connection.admit(who);
    });
  };

  const sweep = (): void => {
    const now = Math.floor(clock.monotonic());
    for (const connection of connections) connection.sweep(now);
  };

  return {
    handleUpgrade(request, socket, head) {
      socket.on("error", cut);
      const full = connections.size + opening >= settings.maxConnections;
      const refusal =
        refusalOf(request, path, admission) ??
        (state === "open" ? undefined : { code: "draining" as const }) ??
        (full ? { code: "too_many_connections" as const } : undefined);
      if (refusal) {
        meter.refusals += 1;
        refuseUpgrade(socket, refusal);
        return;
      }
      opening += 1;
      void open(request, socket, head).finally(() => {
        opening -= 1;
      });
    },
    start() {
      const every = sweepEvery(settings.pingEveryMs, settings.silenceMs, settings.authenticateWithinMs);
      stopSweeping ??= clock.every(every, sweep);
    },
    goodbye(goodbye) {
      if (state === "open") state = "leaving";
      return sayGoodbye(connections, goodbye, clock);
    },
    close() {
      state = "closed";
      stopSweeping?.();
      stopSweeping = undefined;
      for (const connection of connections) connection.terminate();
      server.close();
      return Promise.resolve();
    },
  };
};
