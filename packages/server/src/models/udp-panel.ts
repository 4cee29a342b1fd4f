import type { Code } from "@colloquy/protocol";
import {
  datagramBytes,
  parseReply,
  peerBytes,
  renderBroadcast,
  renderStandDown,
  sequencerName,
  type Generation,
  type Reply,
} from "@colloquy/protocol/sequencer";
import { systemClock } from "../kernel/clock.ts";
import { systemIds, type Ids } from "../kernel/ids.ts";
import { silentLogger } from "../kernel/logger.ts";
import type { Panel } from "./panel.ts";
import { createAskedPrompts, newPrompt, type AskedPrompt } from "./udp/asked-prompts.ts";
import { createHistoryRows } from "./udp/history-rows.ts";
import { askedEvent, finalEvent, unsentCode } from "./udp/panel-events.ts";
import { replierName } from "./udp/replier-name.ts";
import { createStandDowns } from "./udp/stand-downs.ts";
import { createTimeOfDay } from "./udp/time-now.ts";
import { misfitReason, type DropCounts } from "./udp/udp-drops.ts";
import { createGate } from "./udp/udp-gate.ts";
import { createUdpLink, type UdpEndOptions } from "./udp/udp-link.ts";
import { createPeers, type Peer, type UdpPeer } from "./udp/udp-peers.ts";
import type { UdpSource } from "./udp/udp-socket.ts";

export interface UdpPanelOptions extends UdpEndOptions {
  /** The ports that prompts go to, and what is known of the models there. */
  readonly peers: readonly UdpPeer[];
  /** Where replies are heard. 0: any port that is free. */
  readonly listenPort: number;
  /** Where prompts go: 127.0.0.1 by default, or a broadcast address. */
  readonly address?: string;
  readonly generation?: Generation;
  /** The longest datagram that peers read whole, bytes; 1024 in generation 1, 4096 in generation 2, when not given. */
  readonly maxDatagram?: number;
  /** How long after a first reply another may still come, milliseconds. */
  readonly settleMs?: number;
  /** How long a reply may still come to a prompt that was given up, milliseconds. */
  readonly quarantineMs?: number;
  readonly ids?: Ids;
}

/** Models that are reached by UDP, as one panel. */
export interface UdpPanel extends Panel {
  /** The port on which replies are heard. */
  readonly port: number;
  /** What was dropped since the start, and why. */
  readonly dropped: DropCounts;
  /** What the system dropped because it came too fast; undefined where it does not tell. */
  readonly kernelDrops: () => Promise<number | undefined>;
  /** @throws ColloquyError `not_available` when the port cannot be had; nobody can be asked then */
  start(): Promise<void>;
  /** Prompts that wait or are out are lost. May be called twice. */
  close(): Promise<void>;
}

const defaults = { settleMs: 100, quarantineMs: 2_000 };

/** Prompts that may wait for their turn; who comes then is refused. */
const maxWaiting = 1_024;

const everybody = "255.255.255.255";

/**
 * Asks the models behind UDP ports, all in the same turn of the loop, and tells whose reply answers what.
 *
 * A peer that repeats the prompt's id can be asked several things at a time. Replies of the others can only be told by when
 * they come. So as long as there is one port whose model has not repeated an id, a prompt is sent to all ports only when the one
 * before it has been decided and its late replies have had their time; once every model has repeated one, all go out at once.
 * The prompt is never held back for some ports only: all are asked at the same moment, and have the same time. A reply without
 * id while several prompts are out belongs to none of them for certain: it is dropped, and for a minute its sender counts as one
 * of the others.
 */
export const createUdpPanel = (options: UdpPanelOptions): UdpPanel => {
  const { generation = 1, address = "127.0.0.1", secret, ids = systemIds } = options;
  const { clock = systemClock, logger = silentLogger } = options;
  const known = secret === undefined ? peerBytes[generation] : datagramBytes;
  const maxDatagram = Math.min(options.maxDatagram ?? known, datagramBytes);
  const peers = createPeers(options.peers, clock);
  const prompts = createAskedPrompts(clock);
  const historyRows = createHistoryRows(generation);
  /** The prompt whose reply is being told: if that ends it, a reply decided it. */
  let deciding: AskedPrompt | undefined;
  let closed = false;
  /** Tells our askings from those of an earlier process. */
  const prefix = ids.random().slice(0, 8);
  let asked = 0;

  const onText = (text: string, source: UdpSource): void => {
    const parsed = parseReply(text);
    if (parsed.ok) onReply(parsed.reply, source);
    else drops.count(misfitReason(parsed));
  };

  const link = createUdpLink({
    ...options,
    what: "sequencer",
    clock,
    logger,
    port: options.listenPort,
    says: "to-models",
    onText,
  });
  const { drops } = link;
  const standDowns = createStandDowns((prompt, silent) => {
    if (closed) return;
    const datagram = link.seal(renderStandDown(generation, link.port, prompt.id));
    for (const peer of silent) link.send(datagram, peer.port, address);
  });
  const timeNow = createTimeOfDay(clock);

  const lose = (prompt: AskedPrompt, peer: Peer, code: Code): void => {
    prompt.at.delete(peer.port);
    prompt.hear({ type: "lost", model: peer.name, code });
  };

  const send = (prompt: AskedPrompt): void => {
    const { hear, at } = prompt;
    prompts.add(prompt);
    for (const peer of peers.all) at.add(peer.port);
    // Somebody else may be answering by now: then these are stood down before they were sent anything.
    for (const peer of peers.all) hear(askedEvent(peer));
    prompt.sent = true;
    if (at.size > 0) sendTo(prompt);
    hear({ type: "all-asked" });
  };

  const sendTo = (prompt: AskedPrompt): void => {
    const { request, at } = prompt;
    const broadcast = {
      prompt: request?.messages.at(-1)?.text ?? "",
      history: historyRows(request?.exchanges ?? []),
      generation,
      listenPort: link.port,
      id: prompt.id,
      time: timeNow(),
    };
    const short = renderBroadcast(broadcast, maxDatagram, link.bytesOf);
    const rendered = short.fits ? short : renderBroadcast(broadcast, datagramBytes, link.bytesOf);
    const asked = peers.all.filter((peer) => at.has(peer.port));
    const reached = rendered.fits ? asked.filter((peer) => short.fits || peers.echoes(peer)) : [];
    const datagram = rendered.fits ? link.seal(rendered.text) : Buffer.alloc(0);
    // All of them leave before anything else is done.
    for (const peer of reached)
      link.send(datagram, peer.port, address, (error) => lose(prompt, peer, unsentCode(error)));
    if (rendered.fits && rendered.leftOut > 0) drops.count("history", rendered.leftOut);
    for (const peer of asked) if (!reached.includes(peer)) lose(prompt, peer, "reply_too_large");
  };

  const gate = createGate<AskedPrompt>({
    ...defaults,
    ...(options.settleMs !== undefined && { settleMs: options.settleMs }),
    ...(options.quarantineMs !== undefined && { quarantineMs: options.quarantineMs }),
    clock,
    maxWaiting,
    oneAtATime: () => peers.plain,
    go: send,
    afterReading: (run) => void setImmediate(run),
  });

  const onReply = (reply: Reply, source: UdpSource): void => {
    const { id, sender, text, decline } = reply;
    if (sender === sequencerName(1, link.port) || sender === sequencerName(2, link.port))
      return drops.count("own");
    const peer = peers.of(reply, source);
    const prompt = id === undefined ? gate.alone : prompts.find(id);
    const wasPlain = peers.plain;
    if (peer && (prompt || id === undefined)) peers.replied(peer, id !== undefined);
    if (!prompt) return drops.count(id === undefined ? "unasked" : "unknownId");
    const replier = replierName(prompt, reply, peer);
    if (typeof replier === "string") return drops.count(replier);
    const { name } = replier;
    if (peer) prompt.at.delete(peer.port);
    prompts.said(prompt, name, decline ? undefined : text);
    if (decline) {
      prompt.hear({ type: "decline", model: name });
    } else {
      prompt.repliedAt ??= clock.monotonic();
      deciding = prompt;
      prompt.hear(finalEvent(name, reply, peer));
      deciding = undefined;
    }
    if (wasPlain && !peers.plain) gate.relax();
  };

  const standDown = (prompt: AskedPrompt, peer: Peer): void => {
    if (prompt.sent && !peers.echoes(peer)) return;
    if (!prompt.at.delete(peer.port) || !prompt.sent) return;
    standDowns.add(prompt, peer);
  };

  const end = (prompt: AskedPrompt): void => {
    if (prompt.over) return;
    for (const peer of peers.all) standDown(prompt, peer);
    prompts.over(prompt);
    const decided = deciding === prompt || prompt.at.size === 0;
    gate.leave(prompt, decided ? (prompt.repliedAt ?? -Infinity) : undefined);
  };

  const loseAll = (prompt: AskedPrompt, code: Code): void => {
    for (const peer of peers.all) lose(prompt, peer, code);
    prompt.hear({ type: "all-asked" });
  };

  return {
    get port() {
      return link.port;
    },
    dropped: drops.counts,
    kernelDrops: link.kernelDrops,
    async start() {
      if (address === everybody && secret === undefined)
        logger.warn(
          { address },
          "prompts and their history go unsigned to everyone on the local network: anyone there can read them and, with " +
            "a forged source address, answer in a model's place; set a secret that sequencer and models share",
        );
      await link.start();
    },
    ask(request, hear) {
      asked += 1;
      const prompt = newPrompt(`${prefix}-${asked}`, request, hear);
      queueMicrotask(() => {
        if (!prompt.over && !gate.enter(prompt)) loseAll(prompt, closed ? "draining" : "queue_full");
      });
      return {
        standDown(model) {
          const peer = peers.named(model);
          if (peer) standDown(prompt, peer);
        },
        over: () => end(prompt),
      };
    },
    async close() {
      closed = true;
      for (const prompt of gate.close()) loseAll(prompt, "draining");
      for (const prompt of prompts.open()) for (const peer of peers.all) lose(prompt, peer, "worker_lost");
      await link.close();
    },
  };
};
