import type { Reply } from "@colloquy/protocol/sequencer";
import type { AskedPrompt } from "./asked-prompts.ts";
import type { Peer } from "./udp-peers.ts";

/** Names beyond our ports' own that may answer one prompt. */
const maxStrangers = 16;

/**
 * By which name a reply counts: its port's, else its sender's. Several models may answer under one name, as two nodes on one port
 * do; what the second says is a reply of its own (`port 5001 (2)`), unless it is the same again.
 */
export const replierName = (
  prompt: AskedPrompt,
  { sender, text, decline }: Reply,
  peer: Peer | undefined,
): { readonly name: string } | "doubled" | "tooMany" => {
  const name = peer?.name ?? sender ?? "unnamed";
  let nth = name;
  for (let n = 2; prompt.said.has(nth); n += 1) {
    if (decline || prompt.said.get(nth) === text) return "doubled";
    nth = `${name} (${n})`;
  }
  if (peer && nth === name) return { name };
  if (prompt.strangers >= maxStrangers) return "tooMany";
  prompt.strangers += 1;
  return { name: nth };
};
