import type { AskedPrompt } from "./asked-prompts.ts";
import type { Peer } from "./udp-peers.ts";

/**
 * Peers that are to be told to stand down. They are told after what is already here has been read: mostly that is their own
 * decline, and nothing need be said.
 */
export const createStandDowns = (tell: (prompt: AskedPrompt, peer: Peer) => void) => {
  const waiting: { readonly prompt: AskedPrompt; readonly peer: Peer }[] = [];
  const tellAll = (): void => {
    for (const { prompt, peer } of waiting.splice(0)) if (!prompt.said.has(peer.name)) tell(prompt, peer);
  };
  return {
    add(prompt: AskedPrompt, peer: Peer): void {
      waiting.push({ prompt, peer });
      if (waiting.length === 1) setImmediate(tellAll);
    },
  };
};
