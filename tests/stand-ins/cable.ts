import { type Socket, connect, createServer } from "node:net";
import { listen } from "./listen.ts";

/** A TCP line to a server, which a test can cut and lead elsewhere. */
export interface Cable {
  /** Where it begins, `127.0.0.1:<port>`. */
  readonly address: string;
  /** Where it leads; undefined when nobody is there. */
  port: number | undefined;
  /** Connections that there ever were. */
  readonly accepted: number;
  /** Cuts every connection, without a word to either side. */
  cut(): void;
  close(): Promise<void>;
}

export const layCable = async (to?: number): Promise<Cable> => {
  const ends = new Set<Socket>();
  let accepted = 0;
  const server = createServer((near) => {
    if (cable.port === undefined) {
      near.destroy();
      return;
    }
    accepted += 1;
    const far = connect(cable.port, "127.0.0.1");
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        ends.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  const near = await listen(server);
  const cut = (): void => {
    for (const end of ends) end.destroy();
  };
  const cable: Cable = {
    address: `127.0.0.1:${near}`,
    port: to,
    get accepted() {
      return accepted;
    },
    cut,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
  return cable;
};
