import { isUtf8 } from "node:buffer";
import { parseSigned, utf8Length } from "@colloquy/protocol/sequencer";
import type { Clock } from "../../kernel/clock.ts";
import type { Drops } from "../../kernel/drops.ts";
import type { Logger } from "../../kernel/logger.ts";
import { readKernelDrops } from "./kernel-drops.ts";
import { createOwnAddresses } from "./own-addresses.ts";
import { createUdpDrops, type DropReason } from "./udp-drops.ts";
import { createSigner, createVerifier, signedLength, type Direction } from "./udp-signature.ts";
import { openUdpSocket, type OpenUdpSocket, type UdpSocket, type UdpSource } from "./udp-socket.ts";

/** What the two ends of the wire have in common. */
export interface UdpEndOptions {
  /** Takes datagrams of other machines too. Whoever can reach the port can then speak; have a `secret`. */
  readonly lan?: boolean;
  /** Shared with the other side: every datagram is signed, and no other is taken. */
  readonly secret?: string;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly openSocket?: OpenUdpSocket;
}

interface UdpLinkOptions extends Omit<UdpEndOptions, "clock" | "logger"> {
  readonly clock: Clock;
  readonly logger: Logger;
  /** What it is called in the log. */
  readonly what: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Which way it sends; it hears the other. */
  readonly says: Direction;
  /** A text that may be JSON, of a source that may speak. */
  readonly onText: (text: string, source: UdpSource) => void;
}

/** One socket for sending and listening, behind which are only texts from those who may speak. */
export interface UdpLink {
  readonly drops: Drops<DropReason>;
  /** The port that it listens on, once it does. */
  readonly port: number;
  /** @throws ColloquyError `not_available` when the port cannot be had */
  start(): Promise<void>;
  /** Makes the datagram of a text, to be sent as often as one likes. */
  seal(text: string): Uint8Array;
  /** How many bytes the datagram of a text has. */
  readonly bytesOf: (text: string) => number;
  /** Without `failed` nobody hears of it if it does not leave. */
  send(datagram: Uint8Array, port: number, address: string, failed?: (error: Error) => void): void;
  /** What the system threw away because we did not read fast enough; undefined where it does not tell. */
  readonly kernelDrops: () => Promise<number | undefined>;
  /** May be called twice. */
  close(): Promise<void>;
}

const openingBrace = 0x7b;
const lastBlank = 0x20;

export const createUdpLink = (options: UdpLinkOptions): UdpLink => {
  const { clock, logger, secret, says, what, lan = false, onText } = options;
  const hears: Direction = says === "to-models" ? "from-models" : "to-models";
  const drops = createUdpDrops(what, clock, logger);
  const isOwn = createOwnAddresses(clock);
  const sign = secret === undefined ? undefined : createSigner(secret, says, clock);
  const verify = secret === undefined ? undefined : createVerifier(secret, hears, clock);
  let socket: UdpSocket | undefined;
  let closed = false;

  /** The cheapest questions come first: there may be a hundred thousand of these a second. */
  const onDatagram = (bytes: Buffer, source: UdpSource): void => {
    if (!lan && !isOwn(source.address)) return drops.count("foreign");
    const first = bytes[0] ?? 0;
    if ((first !== openingBrace && first > lastBlank) || !isUtf8(bytes)) return drops.count("badJson");
    const text = bytes.toString();
    if (!verify) return onText(text, source);
    const signed = parseSigned(text);
    if (!signed) return drops.count("unsigned");
    const distrust = verify(signed);
    return distrust ? drops.count(distrust) : onText(signed.data, source);
  };

  return {
    drops,
    get port() {
      return socket?.port ?? options.port;
    },
    async start() {
      const opened = await (options.openSocket ?? openUdpSocket)({
        port: options.port,
        onDatagram,
        onError: (error) => logger.error({ err: error }, `${what}: the socket failed`),
      });
      socket = opened;
      if (closed) await opened.close();
    },
    seal: (text) => Buffer.from(sign ? sign(text) : text),
    bytesOf: sign ? signedLength : utf8Length,
    send(datagram, port, address, failed) {
      if (!failed) {
        if (!closed) socket?.send(datagram, port, address);
        return;
      }
      const lost = (error: Error): void => {
        drops.count("unsent");
        failed(error);
      };
      if (socket && !closed) socket.send(datagram, port, address, lost);
      else queueMicrotask(() => lost(new Error("There is no socket.")));
    },
    kernelDrops: async () => (socket ? readKernelDrops(socket.port) : undefined),
    async close() {
      closed = true;
      drops.close();
      await socket?.close();
    },
  };
};
