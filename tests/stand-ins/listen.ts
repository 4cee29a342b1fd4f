import type { Server } from "node:net";

/** Listens on a free port of the loopback interface, and says which. */
export const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("not a TCP server");
  return address.port;
};
