import type { Client, ConnectionState } from "@colloquy/client";

/**
 * Says when there is no connection and when it is back; `over` is called when it does not come back by itself.
 *
 * @param url what to name when there has been no connection yet: then it is mostly the address that is wrong
 */
export const watchChatConnection = (
  client: Client,
  url: string,
  note: (text: string) => void,
  over: (reason: string) => void,
): (() => void) => {
  let told = false;
  let reached = false;
  const look = ({ phase, reason = "the connection was lost" }: ConnectionState): void => {
    if (phase === "closed") over(reason);
    if (phase === "waiting" && !told) {
      const why = reached
        ? reason
        : `No server answers at ${url}. An address is like ws://localhost:8080/ws.`;
      note(`${why} Trying again until it works; what is typed is kept.`);
    }
    if (phase === "open" && told) note(reached ? "connected again" : "connected");
    reached ||= phase === "open";
    told = phase === "waiting" || (told && phase === "connecting");
  };
  return client.onConnection(look);
};
