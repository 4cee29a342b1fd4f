import type { Client, ConnectionState } from "@colloquy/client";

/** Says when the connection is lost and when it is back; `over` is called when it does not come back by itself. */
export const watchChatConnection = (
  client: Client,
  note: (text: string) => void,
  over: (reason: string) => void,
): (() => void) => {
  let told = false;
  const look = ({ phase, reason = "the connection was lost" }: ConnectionState): void => {
    if (phase === "closed") over(reason);
    if (phase === "waiting" && !told) note(`${reason} Trying again until it works; what is typed is kept.`);
    if (phase === "open" && told) note("connected again");
    told = phase === "waiting" || (told && phase === "connecting");
  };
  return client.onConnection(look);
};
