import { wireLimits } from "@colloquy/protocol";
import type { EngineConnection } from "./context.ts";

/** Namespaces that somebody who is nobody yet may ask for: more than any client has, fewer than a guesser of tokens wants. */
const maxStrangersConnects = 16;

/** Socket.IO's types of packets, as they stand at the beginning of a message. */
const connectType = "0";
const binaryTypes = new Set(["5", "6"]);

/**
 * Looks at each packet of a connection before Socket.IO does, and ends connections that it would serve without bound: it
 * starts a namespace's whole sign-in for each word that asks for it, and keeps all the bytes that a packet says belong to it.
 *
 * @param isKnown somebody on this connection has said who they are
 */
export const guardPackets = (conn: EngineConnection, isKnown: () => boolean, end: () => void): void => {
  let connects = 0;
  let bytes = 0;
  conn.on("packet", ({ type, data }: { readonly type: string; readonly data?: unknown }) => {
    if (type !== "message") return;
    if (typeof data === "string") {
      const first = data.charAt(0);
      if (binaryTypes.has(first)) bytes = data.length;
      else if (first === connectType && !isKnown()) connects += 1;
    } else if (data instanceof Uint8Array) bytes += data.length;
    if (connects > maxStrangersConnects || bytes > wireLimits.hardFrameBytes) end();
  });
};
