import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { isLoopbackAddress } from "../auth/admission.ts";
import type { Conversations } from "../conversation/conversations.ts";
import type { SocketIoGateway } from "../gateways/socketio/socketio-gateway.ts";
import { refuseUpgrade } from "../gateways/websocket/handshake.ts";
import { compose, type Overrides, type Parts } from "./compose.ts";
import type { Config } from "./config/resolve-config.ts";
import { drain } from "./drain.ts";
import { listeningOf } from "./listen.ts";
import { readVersion } from "./version.ts";

/** A server on somebody's HTTP server. */
export interface Colloquy {
  /** For programs in the same process: what gateways ask of conversations, with the same rights and refusals. */
  readonly conversations: Conversations;
  /** For programs in the same process: who is connected over Socket.IO, namespaces and broadcasts of one's own. */
  readonly rooms: Pick<SocketIoGateway, "io" | "socketsOf" | "userOf" | "broadcast">;
  /** Opens the store, takes up what the last process left open, then serves `/ws`. Rejects with a sentence for the operator. */
  start(): Promise<void>;
  /**
   * For the HTTP server's requests: answers those that are for Colloquy, gives false for all others.
   *
   * @example createServer((request, response) => colloquy.handle(request, response) || myApp(request, response));
   */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  /** Takes no more prompts, lets running turns end (`drainSeconds`), and says goodbye to all connections. */
  drain(signal?: AbortSignal): Promise<void>;
  /** Ends what still runs, at once, and lets go of everything but the HTTP server. May be called twice. */
  close(): Promise<void>;
}

type State = "made" | "starting" | "serving" | "draining" | "closed";

/** Lets go of everything, in the order in which the one needs the other. */
const closeParts = async (parts: Parts): Promise<void> => {
  await parts.sequencers.closeIngress();
  await parts.webSockets.close();
  await parts.socketIo.close();
  await parts.workers?.close();
  await parts.heart.close();
  await parts.journal.close();
  await parts.store.close();
  await parts.tools.close();
  await parts.closeModels();
  await parts.metrics.close();
};

/**
 * Mounts a server, built from its configuration, on an HTTP server that somebody else listens with and closes.
 *
 * @param page its built files, where the page is shown, and where it will be, if that is known already
 */
export const mountColloquy = (
  config: Config,
  server: Server,
  overrides: Overrides,
  page?: { readonly folder: string; readonly at?: string },
): Colloquy => {
  let state: State = "made";
  const parts = compose(config, overrides, {
    version: readVersion(),
    ...(page && { pageFolder: page.folder }),
    ...(page?.at !== undefined && { page: page.at }),
    serving: () => state === "serving",
    onlyHere: () => isLoopbackAddress(listeningOf(server)?.host),
  });
  let draining: Promise<void> | undefined;
  let closing: Promise<void> | undefined;

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // Upgrades to other paths may be another listener's.
    const gateways = [parts.socketIo, parts.workers, parts.webSockets];
    const gateway = gateways.find((one) => one?.serves(request) === true) ?? parts.webSockets;
    if (!gateway.serves(request) && server.listenerCount("upgrade") > 1) return;
    if (state === "serving" || state === "draining") gateway.handleUpgrade(request, socket, head);
    else refuseUpgrade(socket, { code: "draining" });
  };

  const drainIn = (ms: number, signal?: AbortSignal): Promise<void> => {
    if (state !== "serving") return draining ?? Promise.resolve();
    state = "draining";
    draining = drain(parts, { ms, ...(signal && { signal }) });
    return draining;
  };

  const close = async (): Promise<void> => {
    await drainIn(0);
    state = "closed";
    server.off("upgrade", onUpgrade);
    await closeParts(parts);
  };

  return {
    conversations: parts.heart,
    rooms: parts.socketIo,
    async start() {
      if (state !== "made") throw new Error("A Colloquy is started once; make another one.");
      state = "starting";
      server.on("upgrade", onUpgrade);
      parts.metrics.start();
      try {
        await parts.store.start();
        await parts.sequencers.start();
        await parts.tools.start();
        await parts.heart.start();
      } catch (error) {
        await this.close();
        throw error;
      }
      parts.webSockets.start();
      parts.socketIo.start();
      parts.workers?.start();
      state = "serving";
      await parts.sequencers.openIngress(parts.heart);
    },
    handle: (request, response) => parts.answer(request, response),
    drain: (signal) => drainIn(config.drainSeconds * 1_000, signal),
    close() {
      closing ??= close();
      return closing;
    },
  };
};
