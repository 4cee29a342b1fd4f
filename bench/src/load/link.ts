import { connect, type Socket } from "node:net";
import { createFrameReader, textFrame, pongFrame } from "./ws-frames.ts";

/** A WebSocket connection seen from a load client, as lean as Node allows: no events, no stream, one shared buffer. */
export interface Link {
  send(text: string): void;
  /** Lets the connection go without a goodbye, as a lost network does. */
  cut(): void;
  /** Bytes that have come in, WebSocket framing included. */
  readonly bytes: () => number;
  readonly open: () => boolean;
}

export interface LinkOptions {
  readonly port: number;
  readonly path: string;
  /** Where bytes are read into; may be shared by all links of a process. A slow link has its own, small one. */
  readonly buffer: Buffer;
  /** Read one bufferful, then wait until {@link PacedLink.readOn}. */
  readonly paced?: boolean;
  readonly localAddress?: string;
  readonly onText: (text: string) => void;
  readonly onClose?: () => void;
}

export interface PacedLink extends Link {
  /** Reads another bufferful. */
  readOn(): void;
}

const upgrade = (port: number, path: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

/** Connects and upgrades; rejects when the server says anything but 101, or closes before. */
export const openLink = (options: LinkOptions): Promise<PacedLink> =>
  new Promise((resolve, reject) => {
    let bytes = 0;
    let upgraded = false;
    let head = "";
    const frames = createFrameReader({
      onText: options.onText,
      onPing: (payload) => socket.write(pongFrame(payload)),
    });

    const take = (buffer: Buffer, length: number): void => {
      bytes += length;
      if (upgraded) {
        frames(buffer, 0, length);
        return;
      }
      const before = head.length;
      head += buffer.toString("latin1", 0, length);
      const at = head.indexOf("\r\n\r\n");
      if (at === -1) return;
      if (!head.startsWith("HTTP/1.1 101")) {
        reject(new Error(`no upgrade: ${head.slice(0, 200)}`));
        socket.destroy();
        return;
      }
      upgraded = true;
      bytes = head.length - at - 4;
      resolve(link);
      const rest = at + 4 - before;
      if (rest < length) frames(buffer, rest, length);
    };

    const socket: Socket = connect({
      port: options.port,
      host: "127.0.0.1",
      noDelay: true,
      ...(options.localAddress === undefined ? {} : { localAddress: options.localAddress }),
      onread: {
        buffer: options.buffer,
        callback: (length) => {
          take(options.buffer, length);
          // The handshake is read at full speed; after it a paced link waits for its next turn.
          return options.paced !== true || !upgraded;
        },
      },
    });
    const link: PacedLink = {
      send: (text) => void socket.write(textFrame(text)),
      cut: () => socket.resetAndDestroy(),
      bytes: () => bytes,
      open: () => upgraded && !socket.destroyed,
      readOn: () => void socket.resume(),
    };
    socket.on("connect", () => socket.write(upgrade(options.port, options.path)));
    socket.on("error", (error) => reject(error));
    socket.on("close", () => {
      reject(new Error("closed before the upgrade"));
      options.onClose?.();
    });
  });
