import type { AskedPrompt } from "./asked-prompts.ts";
import type { Peer } from "./udp-peers.ts";

/**
 * Peers that are to be told to stand down. They are told after what is already here has been read: mostly that is their own
 * decline, and nothing need be said.
 */
export const createStandDowns = (tell: (prompt: AskedPrompt, peers: readonly Peer[]) => void) => {
  let waiting = new Map<AskedPrompt, Peer[]>();
  const tellAll = (): void => {
    const all = waiting;
    waiting = new Map();
    for (const [prompt, peers] of all) {
      const silent = peers.filter((peer) => !prompt.said.has(peer.name));
      if (silent.length > 0) tell(prompt, silent);
    }
  };
  return {
    add(prompt: AskedPrompt, peer: Peer): void {
      const known = waiting.get(prompt);
      if (known) {
        known.push(peer);
        return;
      }
      if (waiting.size === 0) setImmediate(tellAll);
      waiting.set(prompt, [peer]);
    },
  };
};
