import { Agent } from "undici";

/**
 * The connections to providers: as many at once as there are streams, kept for the next call when a stream has ended. One for
 * all models of a server; whoever makes it closes it.
 *
 * HTTP/1.1 on purpose: a stream has a socket of its own, so that stopping one closes one, a slow reader holds back one, and
 * a broken connection ends one turn and not a hundred. No time limits but for connecting: how long a model may think
 * is for the turn to say.
 */
export const createProviderDispatcher = (): Agent =>
  new Agent({
    allowH2: false,
    pipelining: 1,
    connections: null,
    headersTimeout: 0,
    bodyTimeout: 0,
    connectTimeout: 10_000,
    keepAliveTimeout: 30_000,
  });
