import { createServer, type Server } from "node:http";
import { answerNotFound } from "./answer-status.ts";
import { addressOf } from "./banner.ts";
import { mountColloquy, type Colloquy } from "./colloquy.ts";
import type { Overrides } from "./compose.ts";
import type { Config } from "./config/resolve-config.ts";
import { listen, type Listening } from "./listen.ts";
import { pageFolder } from "./page-folder.ts";

/** A server that listens by itself. */
export interface Running {
  readonly colloquy: Colloquy;
  readonly at: Listening;
  /** Drains, then closes everything. Cutting it short loses nothing: the journal has the texts. */
  stop(signal?: AbortSignal): Promise<void>;
}

/** Nobody needs this long for the head of a request, but for one who wants to hold the socket. */
const timeouts = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 2_000,
  // Longer than a proxy keeps its connections, so that none is closed under a request on its way.
  keepAliveTimeout: 65_000,
};

const closeServer = async (server: Server): Promise<void> => {
  const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
};

/**
 * Listens, then starts: whoever comes too early is told to come back. Rejects with what keeps it from starting, after
 * everything has been closed again.
 */
export const startServer = async (config: Config, overrides: Overrides): Promise<Running> => {
  const server = createServer(timeouts);
  server.on("request", (request, response) => {
    if (!colloquy.handle(request, response)) answerNotFound(response);
  });
  const page = { folder: pageFolder(), ...(config.port !== 0 && { at: addressOf(config, "http") }) };
  const colloquy = mountColloquy(config, server, overrides, page);
  const at = await listen(server, config.host, config.port).catch(async (error: unknown) => {
    await colloquy.close();
    throw error;
  });
  try {
    await colloquy.start();
  } catch (error) {
    await closeServer(server);
    throw error;
  }
  return {
    colloquy,
    at,
    async stop(signal) {
      await colloquy.drain(signal);
      await colloquy.close();
      await closeServer(server);
    },
  };
};
