import { useCallback, useSyncExternalStore } from "react";
import type { PresenceView, RoomConversation, RoomView } from "../rooms/rooms-client.ts";

const nobody: PresenceView = { here: [], typing: [] };
const deaf = (): void => {};

const useRoomEvents = (conversation: Pick<RoomConversation, "onRoom"> | undefined) =>
  useCallback((listener: () => void) => conversation?.onRoom(listener) ?? deaf, [conversation]);

/** Who is in the room and who is typing; nobody while there is no conversation. */
export const usePresence = (
  conversation: Pick<RoomConversation, "onRoom" | "presence"> | undefined,
): PresenceView => {
  const present = (): PresenceView => conversation?.presence() ?? nobody;
  return useSyncExternalStore(useRoomEvents(conversation), present, present);
};

/** The room's model, members and settings; undefined while there is no conversation. */
export const useRoom = (
  conversation: Pick<RoomConversation, "onRoom" | "room"> | undefined,
): RoomView | undefined => {
  const room = (): RoomView | undefined => conversation?.room();
  return useSyncExternalStore(useRoomEvents(conversation), room, room);
};
