import type { Client } from "@colloquy/client";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { type ConversationIndex, createConversationIndex, type IndexState } from "./conversation-index.ts";

const refreshMs = 30_000;

/** The list of conversations; asked for again now and then, and when the page is looked at again. */
export const useIndex = (client: Client): readonly [IndexState, ConversationIndex] => {
  const index = useMemo(() => createConversationIndex(client), [client]);
  useEffect(() => {
    const refresh = (): void => {
      if (document.visibilityState === "visible") index.refresh();
    };
    const timer = setInterval(refresh, refreshMs);
    document.addEventListener("visibilitychange", refresh);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", refresh);
    };
  }, [index]);
  return [useSyncExternalStore(index.subscribe, index.state), index];
};
