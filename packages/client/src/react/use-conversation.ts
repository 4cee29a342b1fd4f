import { useMemo, useState, useSyncExternalStore } from "react";
import type { Conversation } from "../conversation.ts";
import { type ConversationSource, type HeldConversation, holdConversation } from "./hold-conversation.ts";

/**
 * A conversation of a client (of channels or of rooms), held for as long as the component is there, and its view, which
 * changes at most once a frame. The first render's options count.
 *
 * @example
 * const { conversation, view } = useConversation(client, "lobby");
 */
export const useConversation = <C extends Conversation, O>(
  client: ConversationSource<C, O>,
  name: string,
  options?: O,
): HeldConversation<C> => {
  const [wanted] = useState(() => options);
  const hold = useMemo(() => holdConversation(client, name, wanted), [client, name, wanted]);
  return useSyncExternalStore(hold.subscribe, hold.state, hold.state);
};
