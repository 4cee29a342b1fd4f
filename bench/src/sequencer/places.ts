import type { Places } from "./job.ts";

const number = (name: string): number => Number(process.env[name]);

/** The environment that tells a server where everybody is. */
export const environmentOf = (places: Places): Record<string, string> => ({
  PORT: String(places.port),
  INGRESS_PORT: String(places.ingressPort),
  LISTEN_PORT: String(places.listenPort),
  PEER_PORTS: places.peerPorts.join(","),
});

/** Where everybody is, by this process's environment. */
export const placesHere = (): Places => ({
  port: number("PORT"),
  ingressPort: number("INGRESS_PORT"),
  listenPort: number("LISTEN_PORT"),
  peerPorts: (process.env["PEER_PORTS"] ?? "").split(",").map(Number),
});
