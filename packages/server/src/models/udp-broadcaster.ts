import {
  datagramBytes,
  parseReply,
  peerBytes,
  renderBroadcast,
  sequencerName,
  timeOfDay,
  type Generation,
  type HistoryRow,
  type Reply,
} from "@colloquy/protocol/sequencer";
import { systemClock } from "../kernel/clock.ts";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import { silentLogger } from "../kernel/logger.ts";
import { misfitReason, type DropCounts } from "./udp/udp-drops.ts";
import { createUdpLink, type UdpEndOptions } from "./udp/udp-link.ts";
import type { UdpSource } from "./udp/udp-socket.ts";

export interface BroadcasterOptions extends UdpEndOptions {
  /** Where models hear. */
  readonly broadcastPorts: readonly number[];
  /** Where their replies are heard. 0: any port that is free. */
  readonly listenPort: number;
  /** 127.0.0.1 by default, or a broadcast address. */
  readonly address?: string;
  readonly generation?: Generation;
  /** The longest datagram that peers read whole, bytes; 1024 in generation 1, 4096 in generation 2, when not given. */
  readonly maxDatagram?: number;
}

/** What came from a model. */
export interface ReceivedMessage extends Reply {
  readonly from: UdpSource;
  /** When it came, milliseconds since the epoch. */
  readonly at: number;
}

/** Broadcasts prompts to models and hears their replies; which reply answers what is left to its user. */
export interface Broadcaster {
  /** The port on which replies are heard. */
  readonly port: number;
  readonly dropped: DropCounts;
  /** Begins to listen. @throws ColloquyError `not_available` when the port cannot be had */
  start(): Promise<void>;
  /**
   * Sends a message to all ports at the same time. Rows of history (newest first) are left out, the oldest first, as far as the
   * datagram needs it.
   *
   * @returns how many rows were left out
   * @throws ColloquyError `reply_too_large` when the message alone does not fit
   */
  broadcastMessage(message: string, history: readonly HistoryRow[]): number;
  /** Calls `listener` for each reply as it comes; the returned function ends that. */
  onReply(listener: (message: ReceivedMessage) => void): () => void;
  /** Replies since the last call, in the order in which they came; the last 1,024 at most. */
  receivedMessages(): readonly ReceivedMessage[];
  /** May be called twice. */
  close(): Promise<void>;
}

/** Messages that are kept for whoever drains them; older ones are dropped then. */
const kept = 1_024;

/**
 * The sequencer's wire by hand, without a server: broadcast, listen, drain, close.
 *
 * @example
 * const broadcaster = createBroadcaster({ broadcastPorts: [5001, 5002, 5003], listenPort: 5000 });
 * broadcaster.onReply(({ sender, text, sysbool }) => console.log(sender, sysbool, text));
 * await broadcaster.start();
 * broadcaster.broadcastMessage("Who can add?", []);
 */
export const createBroadcaster = (options: BroadcasterOptions): Broadcaster => {
  const { generation = 1, address = "127.0.0.1", secret } = options;
  const { clock = systemClock, logger = silentLogger } = options;
  const known = secret === undefined ? peerBytes[generation] : datagramBytes;
  const maxDatagram = Math.min(options.maxDatagram ?? known, datagramBytes);
  const listeners = new Set<(message: ReceivedMessage) => void>();
  let received: ReceivedMessage[] = [];

  const onText = (text: string, from: UdpSource): void => {
    const parsed = parseReply(text);
    if (!parsed.ok) return link.drops.count(misfitReason(parsed));
    if (parsed.reply.sender === sequencerName(generation, link.port)) return link.drops.count("own");
    const message = { ...parsed.reply, from, at: clock.now() };
    received.push(message);
    if (received.length > kept) {
      received.shift();
      if (listeners.size === 0) link.drops.count("tooMany");
    }
    for (const listener of listeners) listener(message);
  };

  const link = createUdpLink({
    ...options,
    what: "broadcaster",
    clock,
    logger,
    port: options.listenPort,
    says: "to-models",
    onText,
  });

  return {
    get port() {
      return link.port;
    },
    dropped: link.drops.counts,
    start: () => link.start(),
    broadcastMessage(message, history) {
      const time = timeOfDay(clock.now());
      const broadcast = { prompt: message, history, generation, listenPort: link.port, time };
      const rendered = renderBroadcast(broadcast, maxDatagram, link.bytesOf);
      if (!rendered.fits)
        throw new ColloquyError("reply_too_large", { detail: `${rendered.bytes} bytes of ${maxDatagram}` });
      const datagram = link.seal(rendered.text);
      for (const port of options.broadcastPorts) link.send(datagram, port, address, () => {});
      return rendered.leftOut;
    },
    onReply(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    receivedMessages() {
      const messages = received;
      received = [];
      return messages;
    },
    close: () => link.close(),
  };
};
