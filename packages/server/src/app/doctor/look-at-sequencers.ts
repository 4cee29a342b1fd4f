import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import type { Config } from "../config/resolve-config.ts";
import { bad, good, type Finding } from "./finding.ts";

const about = "sequencer";

const codeOf = (error: NodeJS.ErrnoException): string => error.code ?? error.message;

const tryTcp = (port: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error) => resolve(codeOf(error)));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(undefined)));
  });

const tryUdp = (port: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const socket = createSocket("udp4");
    socket.once("error", (error) => resolve(codeOf(error)));
    socket.bind({ port, address: "0.0.0.0", exclusive: true }, () => socket.close(() => resolve(undefined)));
  });

interface Look {
  readonly says: string;
  readonly code: string | undefined;
  readonly setting: string;
}

/** Whether the sequencers' ports could be listened on. They may be taken because the server runs already. */
export const lookAtSequencers = async ({ sequencers }: Config): Promise<readonly Finding[]> => {
  const looks: Look[] = [];
  for (const { name, udp, ingressPort } of sequencers.values()) {
    const of = (setting: string, part: string): string =>
      name === "main" ? setting : `sequencers.${name}.${part}`;
    if (udp) {
      const { listenPort: port } = udp;
      looks.push({
        says: `${name}: UDP port ${port}, where replies are heard,`,
        code: await tryUdp(port),
        setting: of("SEQUENCER_LISTEN_PORT", "udp.listenPort"),
      });
    }
    if (ingressPort !== undefined) {
      looks.push({
        says: `${name}: TCP port ${ingressPort}, where breakouts are heard,`,
        code: await tryTcp(ingressPort),
        setting: of("SEQUENCER_INGRESS_PORT", "ingressPort"),
      });
    }
  }
  return looks.map(({ says, code, setting }) =>
    code === undefined
      ? good(about, `${says} is free.`)
      : bad(
          about,
          `${says} cannot be had (${code}).`,
          `Stop the program that has it (this server, if it runs already), or set ${setting} to another one.`,
        ),
  );
};
