import type { IncomingMessage, ServerResponse } from "node:http";
import type { Code } from "@colloquy/protocol";
import { refuseRequest } from "./admit-request.ts";

/** A client that was offline for long sends what it kept in one request; nobody keeps so much. */
const maxPackets = 4_096;
const separator = "\x1e";

const countIn = (text: string): number => {
  let count = 0;
  for (let at = text.indexOf(separator); at !== -1; at = text.indexOf(separator, at + 1)) count += 1;
  return count;
};

/**
 * Refuses a poll's data that holds too many packets: Engine.IO handles all of a request at once, and a few megabytes of
 * two-letter packets would keep everybody else waiting for seconds. Called once Engine.IO has begun to read the request.
 *
 * @param onRefused before the connection is ended, which Engine.IO does when its request breaks off
 */
export const limitPackets = (
  request: IncomingMessage,
  response: ServerResponse,
  onRefused: (code: Code) => void,
): void => {
  let packets = 1;
  const onData = (chunk: Buffer | string): void => {
    packets += countIn(typeof chunk === "string" ? chunk : chunk.toString("latin1"));
    if (packets <= maxPackets) return;
    request.off("data", onData);
    request.pause();
    if (response.headersSent) return void request.destroy();
    onRefused("frame_too_large");
    response.once("finish", () => request.destroy());
    refuseRequest(response, "frame_too_large");
  };
  request.on("data", onData);
};
