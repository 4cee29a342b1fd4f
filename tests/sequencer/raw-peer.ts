import { createSocket } from "node:dgram";
import { parseHeard, type Heard } from "../../packages/protocol/src/sequencer/index.ts";
import { until } from "../stand-ins/until.ts";
import { lent } from "./udp-bed.ts";

/** Someone with a UDP socket, who says whatever the test wants. */
export interface RawPeer {
  readonly port: number;
  readonly heard: readonly Heard[];
  /** The prompts that it has heard, once there are so many. */
  prompts(count: number): Promise<readonly Extract<Heard, { kind: "prompt" }>[]>;
  /** Sends this text, these bytes, or this value as JSON. */
  say(what: string | Uint8Array | object): Promise<void>;
  close(): Promise<void>;
}

export const startRawPeer = async (to: number): Promise<RawPeer> => {
  const socket = createSocket("udp4");
  const heard: Heard[] = [];
  socket.on("message", (bytes) => {
    const parsed = parseHeard(bytes.toString());
    if (parsed.ok) heard.push(parsed.heard);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const prompts = (): Extract<Heard, { kind: "prompt" }>[] =>
    heard.flatMap((one) => (one.kind === "prompt" ? [one] : []));
  return lent({
    port: socket.address().port,
    heard,
    async prompts(count) {
      await until(() => prompts().length >= count);
      return prompts();
    },
    say(what) {
      const bytes =
        what instanceof Uint8Array
          ? what
          : Buffer.from(typeof what === "string" ? what : JSON.stringify(what));
      return new Promise((resolve, reject) => {
        socket.send(bytes, to, "127.0.0.1", (error) => (error ? reject(error) : resolve()));
      });
    },
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  });
};
