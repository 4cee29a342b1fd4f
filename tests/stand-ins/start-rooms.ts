import { onTestFinished } from "vitest";
import type { ClientLog } from "@colloquy/client";
import {
  type RoomConversation,
  type RoomsClient,
  type RoomsClientOptions,
  createRoomsClient,
} from "@colloquy/client/rooms";
import { type RoomHub, type RoomHubOptions, startRoomHub } from "./room-hub.ts";

/** A client of rooms that does not wait long between tries, closed before its server is. */
export const joinRooms = (
  url: string,
  options: Partial<RoomsClientOptions> = {},
): { readonly client: RoomsClient; readonly logs: ClientLog[] } => {
  const logs: ClientLog[] = [];
  const client = createRoomsClient({
    url,
    transports: ["websocket"],
    reconnect: { baseMs: 5, maxMs: 20 },
    onLog: (event) => logs.push(event),
    ...options,
  });
  onTestFinished(() => client.close());
  return { client, logs };
};

/** A hub of its own and a client in a room of it. */
export const startRooms = async (
  hubOptions: RoomHubOptions = {},
  options: Partial<RoomsClientOptions> = {},
): Promise<{ hub: RoomHub; client: RoomsClient; logs: ClientLog[]; room: RoomConversation }> => {
  const hub = await startRoomHub(hubOptions);
  onTestFinished(() => hub.close());
  const { client, logs } = joinRooms(hub.url, options);
  const room = client.conversation("lunch", { source: "aisuite", model: "demo:guide" });
  return { hub, client, logs, room };
};
