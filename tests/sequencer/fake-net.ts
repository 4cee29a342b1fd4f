import { parseHeard } from "../../packages/protocol/src/sequencer/index.ts";
import type {
  OpenUdpSocket,
  UdpSocketOptions,
  UdpSource,
} from "../../packages/server/src/models/udp/udp-socket.ts";

/** A network without sockets: what is sent is handed to the test, which answers when it likes. */
export interface FakeNet {
  readonly openSocket: OpenUdpSocket;
  /** A datagram arrives. */
  readonly deliver: (value: string | object, source?: UdpSource) => void;
}

/** What a node heard. */
export interface NodePrompt {
  readonly prompt: string;
  readonly id: string | undefined;
  readonly port: number;
}

/** @param fault given instead of sending, where there is one */
export const createFakeNet = (
  onPrompt: (prompt: NodePrompt) => void = () => {},
  fault?: () => Error | undefined,
): FakeNet => {
  let opened: UdpSocketOptions | undefined;
  return {
    openSocket(options) {
      opened = options;
      return Promise.resolve({
        port: options.port,
        send(bytes, port, _address, failed) {
          const error = fault?.();
          if (error) {
            if (failed) process.nextTick(failed, error);
            return;
          }
          const parsed = parseHeard(Buffer.from(bytes).toString());
          if (parsed.ok && parsed.heard.kind === "prompt")
            onPrompt({ prompt: parsed.heard.prompt, id: parsed.heard.id, port });
        },
        close: () => Promise.resolve(),
      });
    },
    deliver(value, source = { address: "127.0.0.1", port: 40_000 }) {
      opened?.onDatagram(Buffer.from(typeof value === "string" ? value : JSON.stringify(value)), source);
    },
  };
};
