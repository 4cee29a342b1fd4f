import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type RawData, type WebSocket } from "ws";
import { wireLimits } from "@colloquy/protocol";
import type { AdmissionRules } from "../../auth/admission.ts";
import type { Authenticator, Credentials } from "../../auth/authenticator.ts";
import type { Principal } from "../../auth/principal.ts";
import type { Clock } from "../../kernel/clock.ts";
import { toColloquyError, type ColloquyError } from "../../kernel/colloquy-error.ts";
import type { Logger } from "../../kernel/logger.ts";
import type { Meter } from "../../kernel/meter.ts";
import { sayGoodbye, type Goodbye } from "../../kernel/goodbye.ts";
import { credentialsOf, pathOf, refusalOf, refuseUpgrade } from "./handshake.ts";
import { sweepEvery, type HeartbeatSettings } from "./heartbeat.ts";

/** One connection, whatever its wire. */
export interface Peer {
  message(data: RawData, isBinary: boolean): void;
  pong(data: Buffer): void;
  /** Now it is known who is there. */
  admit(principal: Principal): void;
  /** What it showed was no good. */
  turnAway(error: ColloquyError): void;
  /** The shared timer looks in. @param now monotonic milliseconds */
  sweep(now: number): void;
  close(code: number, reason: string): void;
  terminate(): void;
  /** The socket is gone. @param code of the close frame, 1006 when there was none */
  gone(code: number): void;
}

/** What a peer is made of. */
export interface PeerSocket {
  readonly socket: Duplex & { readonly bytesRead?: number };
  readonly ws: WebSocket;
  readonly credentials: Credentials;
}

export interface SocketServerOptions {
  readonly path: string;
  readonly admission: AdmissionRules;
  readonly authenticator: Authenticator;
  /** Takes `?token=`, for clients that can be given only a URL. */
  readonly allowQueryToken: boolean;
  readonly settings: HeartbeatSettings & {
    /** Further connections are refused with 503. */
    readonly maxConnections: number;
    readonly authenticateWithinMs: number;
  };
  readonly clock: Clock;
  readonly logger: Logger;
  readonly meter: Meter;
  readonly connect: (peer: PeerSocket) => Peer;
}

/** WebSockets on one path of an HTTP server, each of them a peer. */
export interface SocketServer {
  /** Whether a request asks for this server's path. */
  serves(request: IncomingMessage): boolean;
  /** For the HTTP server's `upgrade` event; answers requests that are not for this path with 404. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Begins to look after the connections: heartbeats, deadlines, expiry. */
  start(): void;
  /** Takes no more connections and closes those there are, spread over time; resolves when the last one is gone. */
  goodbye(goodbye: Goodbye): Promise<void>;
  /** Cuts what is left. May be called twice. */
  close(): Promise<void>;
}

/** A `ws` socket with the peer that it belongs to, so that all of them share their listeners. */
interface Held extends WebSocket {
  [peerOf]?: Peer;
}
const peerOf = Symbol("peer");

function cut(this: Duplex): void {
  this.destroy();
}

/** The token was no good: the socket opens all the same, for a browser reads no refusal of an upgrade. */
const toldOnSocket = new Set(["token_invalid", "token_expired", "not_authenticated"]);

export const createSocketServer = (options: SocketServerOptions): SocketServer => {
  const { path, admission, allowQueryToken, settings, clock, meter, logger } = options;
  const peers = new Set<Peer>();
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    clientTracking: false,
    maxPayload: wireLimits.anonymousFrameBytes,
  });
  let opening = 0;
  let state: "open" | "leaving" | "closed" = "open";
  let stopSweeping: (() => void) | undefined;

  function onMessage(this: Held, ...[data, isBinary]: Parameters<Peer["message"]>): void {
    this[peerOf]?.message(data, isBinary);
  }
  function onPong(this: Held, data: Buffer): void {
    this[peerOf]?.pong(data);
  }
  function onClose(this: Held, code: number): void {
    const peer = this[peerOf];
    if (!peer || !peers.delete(peer)) return;
    meter.connections -= 1;
    peer.gone(code);
  }
  // `ws` closes the connection itself; a frame over the hard limit or a broken one is the peer's affair.
  function onError(this: Held, error: Error): void {
    meter.refusals += 1;
    logger.debug({ err: error }, "a connection broke");
  }

  const hold = (socket: Duplex, ws: Held, request: IncomingMessage): Peer => {
    const peer = options.connect({ socket, ws, credentials: credentialsOf(request, false) });
    ws[peerOf] = peer;
    ws.on("message", onMessage);
    ws.on("pong", onPong);
    ws.on("close", onClose);
    ws.on("error", onError);
    peers.add(peer);
    meter.connections += 1;
    return peer;
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
      const peer = hold(socket, ws, request);
      if (who instanceof Error) peer.turnAway(who);
      else if (who) peer.admit(who);
    });
  };

  const sweep = (): void => {
    const now = Math.floor(clock.monotonic());
    for (const peer of peers) peer.sweep(now);
  };

  return {
    serves: (request) => pathOf(request) === path,
    handleUpgrade(request, socket, head) {
      socket.on("error", cut);
      const full = peers.size + opening >= settings.maxConnections;
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
      return sayGoodbye(peers, goodbye, clock);
    },
    close() {
      state = "closed";
      stopSweeping?.();
      stopSweeping = undefined;
      for (const peer of peers) peer.terminate();
      server.close();
      return Promise.resolve();
    },
  };
};
