import type { Client } from "@colloquy/client";
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { type ConversationIndex, createConversationIndex, type IndexState } from "./conversation-index.ts";

const refreshMs = 30_000;

/**
 * The list of conversations; asked for again now and then, when the page is looked at again, and when another tab of this
 * browser says that something happened there.
 */
export const useIndex = (client: Client): readonly [IndexState, ConversationIndex] => {
  // As long as the page, so it is never closed.
  const [tabs] = useState(() => new BroadcastChannel("colloquy.conversations"));
  const index = useMemo(
    () => createConversationIndex(client, () => tabs.postMessage("news")),
    [client, tabs],
  );
  useEffect(() => {
    const refresh = (): void => {
      if (document.visibilityState === "visible") index.refresh();
    };
    const timer = setInterval(refresh, refreshMs);
    document.addEventListener("visibilitychange", refresh);
    tabs.addEventListener("message", refresh);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", refresh);
      tabs.removeEventListener("message", refresh);
    };
  }, [index, tabs]);
  return [useSyncExternalStore(index.subscribe, index.state), index];
};
