import { createSocket, type Socket } from "node:dgram";
import type { Fates } from "./fates.ts";
import { lent } from "./udp-bed.ts";

/** A path between a sequencer and one peer, on which datagrams are lost, doubled and overtaken. */
export interface LossyPath {
  /** Where either side sends to; what comes from the peer goes to the sequencer, all else to the peer. */
  readonly port: number;
  /** Whose datagrams are the peer's. */
  peerPort: number;
  readonly lost: number;
  readonly doubled: number;
  readonly reordered: number;
  close(): Promise<void>;
}

export interface LossyPathOptions {
  /** Names the path in fates. */
  readonly name: number;
  readonly sequencerPort: number;
  readonly fates: Fates;
  /** Shares of all datagrams. */
  readonly loss: number;
  readonly doubling: number;
  readonly reordering: number;
}

/** Longest time that a datagram is held back, so that later ones overtake it, milliseconds. */
const heldBackMs = 20;

const promptIn = /"(?:message|current_prompt)":"(q\d+)/;
const idIn = /"id":"([^"]+)"/;

/** Opens a path. What becomes of a datagram hangs on the seed, the prompt that it is about, its way and how many went before it. */
export const openLossyPath = async (options: LossyPathOptions): Promise<LossyPath> => {
  const { fates, name } = options;
  const socket: Socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  socket.setRecvBufferSize(4 * 1024 * 1024);
  const prompts = new Map<string, string>();
  const seen = new Map<string, number>();
  const held = new Set<NodeJS.Timeout>();
  const path = {
    port: socket.address().port,
    peerPort: 0,
    lost: 0,
    doubled: 0,
    reordered: 0,
    close: (): Promise<void> => {
      for (const timer of held) clearTimeout(timer);
      held.clear();
      return new Promise((resolve) => socket.close(() => resolve()));
    },
  };

  const later = (run: () => void, ms: number): void => {
    const timer = setTimeout(() => {
      held.delete(timer);
      run();
    }, ms);
    held.add(timer);
  };

  /** The prompt that it is about: its text's first word, which only a broadcast must carry. */
  const promptOf = (text: string, fromPeer: boolean): string => {
    const id = idIn.exec(text)?.[1] ?? "";
    if (!fromPeer) {
      const prompt = promptIn.exec(text)?.[1];
      if (prompt !== undefined) prompts.set(id, prompt);
    }
    return prompts.get(id) ?? "";
  };

  socket.on("message", (bytes, source) => {
    const fromPeer = source.port === path.peerPort;
    const way = `${fromPeer ? "back" : "out"}/${promptOf(bytes.toString(), fromPeer)}`;
    const nth = (seen.get(way) ?? 0) + 1;
    seen.set(way, nth);
    const dice = fates.of("path", name, way, nth);
    const forward = (): void =>
      socket.send(bytes, fromPeer ? options.sequencerPort : path.peerPort, "127.0.0.1", () => {});
    if (dice.next() < options.loss) {
      path.lost += 1;
      return;
    }
    if (dice.next() < options.doubling) {
      path.doubled += 1;
      later(forward, dice.below(heldBackMs));
    }
    if (dice.next() < options.reordering) {
      path.reordered += 1;
      later(forward, 1 + dice.below(heldBackMs));
    } else forward();
  });
  return lent(path);
};
