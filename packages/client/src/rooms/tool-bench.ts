import type { ClientLog } from "../client.ts";
import { ClientError } from "../client-error.ts";
import type { Fields } from "../read-payload.ts";
import { word } from "./read-room.ts";
import type { RoomRequests } from "./room-requests.ts";
import type { ClientTools } from "./rooms-client.ts";
import { runClientTool } from "./run-client-tool.ts";

/** Runs the calls that are for this program, each once, and sends what they came to. */
export const createToolBench = (
  tools: ClientTools,
  requests: Pick<RoomRequests, "ask">,
  log: (event: ClientLog) => void,
): ((payload: Fields) => Promise<void>) => {
  /** Calls whose tool is at work here, or whose result is on its way. */
  const atWork = new Set<string>();
  return async (payload) => {
    const id = word(payload["call_id"]) ?? "";
    if (atWork.has(id)) return;
    atWork.add(id);
    try {
      const outcome = await runClientTool(tools, payload, log);
      if (outcome === undefined) return;
      const event = `${outcome.event} {room_id}`;
      await requests.ask({ event, body: outcome.payload, heardBefore: "already_decided" });
    } catch (error) {
      // Another tab of the same user was faster, or the call has expired.
      if (!(error instanceof ClientError)) throw error;
    } finally {
      atWork.delete(id);
    }
  };
};
