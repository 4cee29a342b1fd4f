import type { Code } from "@colloquy/protocol";
import type { Reply } from "@colloquy/protocol/sequencer";
import type { PanelEvent } from "../panel.ts";
import type { Peer } from "./udp-peers.ts";

export const askedEvent = ({ name, port, function: purpose }: Peer): PanelEvent => ({
  type: "asked",
  model: name,
  ...(purpose !== undefined && { about: `port ${port}` }),
});

/** `facts`: the sender as it calls itself, its sysbool as it wrote it, and what the model of its port is for. */
export const finalEvent = (
  name: string,
  { text, sender, sysbool }: Reply,
  peer: Peer | undefined,
): PanelEvent => ({
  type: "final",
  model: name,
  text,
  facts: {
    ...(sender !== undefined && { sender }),
    ...(sysbool !== undefined && { sysbool }),
    ...(peer?.function !== undefined && { function: peer.function }),
  },
});

/** Why a datagram did not leave: it is larger than the interface's packets, or there is no way there. */
export const unsentCode = (error: Error): Code =>
  "code" in error && error.code === "EMSGSIZE" ? "reply_too_large" : "provider_unreachable";
