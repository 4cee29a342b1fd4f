import type { Server } from "node:http";

/** Where a server can really be reached. */
export interface Listening {
  readonly host: string;
  readonly port: number;
}

/** Connections that may wait to be accepted: a crowd that comes back after a restart comes all at once. */
const backlog = 4_096;

/** The address that a server listens on, if it does so on a port. */
export const listeningOf = (server: Server): Listening | undefined => {
  const address = server.address();
  return typeof address === "object" && address !== null
    ? { host: address.address, port: address.port }
    : undefined;
};

/** Listens, and resolves to where; rejects with what the system says (`EADDRINUSE`, `EACCES` …). */
export const listen = (server: Server, host: string, port: number): Promise<Listening> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, backlog }, () => {
      server.off("error", reject);
      resolve(listeningOf(server) ?? { host, port });
    });
  });
