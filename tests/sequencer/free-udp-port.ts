import { createSocket } from "node:dgram";

/** A UDP port that was free a moment ago, for those who must be told one. */
export const freeUdpPort = async (): Promise<number> => {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(0, "0.0.0.0", resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
};
