import { createSocket } from "node:dgram";

const oneFreePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const socket = createSocket("udp4");
    socket.once("error", reject);
    socket.bind({ port: 0, address: "0.0.0.0", exclusive: true }, () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });

/**
 * UDP ports that nobody has just now, and that are none of those to be avoided. Somebody may take one before it is used: then
 * whoever wanted it looks again.
 */
export const findFreeUdpPorts = async (
  count: number,
  avoid: ReadonlySet<number>,
): Promise<readonly number[]> => {
  const found = new Set<number>();
  for (let tries = 0; found.size < count; tries += 1) {
    if (tries > 100 * count) throw new Error("there are no free UDP ports");
    const port = await oneFreePort();
    if (!avoid.has(port)) found.add(port);
  }
  return [...found];
};
