import { createServer, type IncomingMessage } from "node:http";
import { Server } from "socket.io";
import { wireLimits } from "@colloquy/protocol";
import type { AdmissionRules } from "../../auth/admission.ts";
import { refusalOf } from "./admit-request.ts";
import type { SocketIoSettings } from "./context.ts";

export interface IoOptions {
  readonly admission: AdmissionRules;
  readonly settings: SocketIoSettings;
  /** Why no more connections are taken just now; undefined while they are. */
  readonly closed: () => "draining" | undefined;
}

/**
 * Socket.IO without a port of its own. The HTTP server which it is attached to never listens: requests and upgrades are handed to
 * its engine, so that one engine serves any number of paths, and upgrades of other wires are not its business.
 */
export const createIo = ({ admission, settings, closed }: IoOptions): Server => {
  const { pingEveryMs, pongWithinMs, connectWithinMs, maxConnections } = settings;
  const turnedAway = (request: IncomingMessage): string | undefined => {
    const full = io.engine.clientsCount >= maxConnections;
    return refusalOf(request, admission) ?? closed() ?? (full ? "too_many_connections" : undefined);
  };
  const io = new Server({
    serveClient: false,
    pingInterval: pingEveryMs,
    pingTimeout: pongWithinMs,
    connectTimeout: connectWithinMs,
    // Of a WebSocket that is about to take a polling connection over, nobody knows yet whose it is.
    maxHttpBufferSize: wireLimits.anonymousFrameBytes,
    httpCompression: false,
    perMessageDeflate: false,
    destroyUpgrade: false,
    // A page whose origin is not listed gets no headers, so its browser keeps the answers from it.
    cors: { origin: [...admission.origins], credentials: true },
    // `cors` means nothing to a WebSocket, so this looks at both transports.
    allowRequest(request, callback) {
      const refusal = turnedAway(request);
      callback(refusal, refusal === undefined);
    },
  });
  io.attach(createServer());
  // What clients are told may be sent once they are known; each connection has its limit from the beginning.
  io.engine.opts.maxHttpBufferSize = wireLimits.hardFrameBytes;
  return io;
};
