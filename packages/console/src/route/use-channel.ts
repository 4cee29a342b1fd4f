import { useEffect, useSyncExternalStore } from "react";
import { newChannelId } from "./channel-id.ts";
import { channelOf, channelOfChat, hashOf } from "./route.ts";

const onHash = (listener: () => void): (() => void) => {
  addEventListener("hashchange", listener);
  return () => removeEventListener("hashchange", listener);
};

/** Goes to a conversation that does not exist yet. */
export const openNewConversation = (): void => {
  location.hash = hashOf(newChannelId());
};

/** Goes to the room of a chat. */
export const openRoom = (chatId: string): void => {
  location.hash = hashOf(channelOfChat(chatId));
};

/** The channel in the address bar; an address without one is given the one that `first` names. */
export const useChannel = (first: () => string): string | undefined => {
  const channel = useSyncExternalStore(onHash, () => channelOf(location.hash));
  useEffect(() => {
    if (channel !== undefined) return;
    history.replaceState(history.state, "", hashOf(first()));
    dispatchEvent(new HashChangeEvent("hashchange"));
  });
  return channel;
};
