import type { Reply } from "@colloquy/protocol/sequencer";
import type { Clock } from "../../kernel/clock.ts";
import type { UdpSource } from "./udp-socket.ts";

/** A port that prompts are sent to. */
export interface UdpPeer {
  readonly port: number;
  /** What the model there is for, e.g. `arithmetic`; it is known by this name then. Peers are told it in histories. */
  readonly function?: string;
  /** It is known to repeat ids in its replies, and to read datagrams of any length. Otherwise it must first show it. */
  readonly echoes?: boolean;
}

/** What is known of the model behind a port. */
export interface Peer {
  readonly port: number;
  readonly name: string;
  readonly function: string | undefined;
  /** It has repeated an id, or is said to do so. */
  echoed: boolean;
  /** When it last replied without one, monotonic milliseconds. */
  plainAt: number;
}

/** A peer that replied without an id within this time does not count as one that repeats them, milliseconds. */
const plainMs = 60_000;

/** The peers of a panel, and whether replies of all of them can be told by their ids. */
export interface Peers {
  readonly all: readonly Peer[];
  /** Whose reply it is, by its sender's port or else the one that it came from; undefined for a stranger. */
  of(reply: Reply, source: UdpSource): Peer | undefined;
  named(name: string): Peer | undefined;
  /** A reply came, with the id of a known prompt or without any. */
  replied(peer: Peer, withId: boolean): void;
  /** Can be asked several things at a time, reads long datagrams, knows what `stand_down` means. */
  readonly echoes: (peer: Peer) => boolean;
  /** Some peer does not repeat ids, as far as is known. */
  readonly plain: boolean;
}

export const createPeers = (peers: readonly UdpPeer[], clock: Clock): Peers => {
  const all = peers.map(({ port, function: purpose, echoes = false }): Peer => {
    const shared = peers.filter((other) => other.function === purpose).length > 1;
    const name = purpose === undefined ? `port ${port}` : shared ? `${purpose} ${port}` : purpose;
    return { port, name, function: purpose, echoed: echoes, plainAt: -Infinity };
  });
  const byPort = new Map(all.map((peer) => [peer.port, peer]));
  const byName = new Map(all.map((peer) => [peer.name, peer]));
  const echoes = ({ echoed, plainAt }: Peer): boolean =>
    echoed && (plainAt === -Infinity || clock.monotonic() - plainAt > plainMs);
  return {
    all,
    of: (reply, source) =>
      (reply.port === undefined ? undefined : byPort.get(reply.port)) ?? byPort.get(source.port),
    named: (name) => byName.get(name),
    replied(peer, withId) {
      if (withId) peer.echoed = true;
      else peer.plainAt = clock.monotonic();
    },
    echoes,
    get plain() {
      return !all.every(echoes);
    },
  };
};
