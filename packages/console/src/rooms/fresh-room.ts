import { newChannelId } from "../route/channel-id.ts";
import { type Keep, tabKeep } from "../parts/storage.ts";

const key = "fresh-room";

/**
 * The chat of a room that does not exist yet and will with its first message: the same one until it does, so that empty rooms
 * do not pile up and a draft is found again.
 */
export const freshRoom = (keep: Keep = tabKeep): string => {
  const chatId = keep.get(key) ?? newChannelId();
  keep.set(key, chatId);
  return chatId;
};

/** Whether a chat's room is to be made with its first message only. */
export const isFreshRoom = (chatId: string, keep: Keep = tabKeep): boolean => keep.get(key) === chatId;

/** The room is there now: the next new one is another. */
export const roomMade = (chatId: string, keep: Keep = tabKeep): void => {
  if (isFreshRoom(chatId, keep)) keep.set(key, undefined);
};
