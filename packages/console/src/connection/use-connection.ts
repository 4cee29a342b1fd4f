import type { Client, ConnectionState } from "@colloquy/client";
import { useCallback, useEffect, useSyncExternalStore } from "react";

/** How the connection is. A network that comes back, or a page that is looked at again, ends the wait for the next try. */
export const useConnection = (
  client: Pick<Client, "connection" | "onConnection" | "reconnectNow">,
): ConnectionState => {
  useEffect(() => {
    const again = (): void => {
      if (document.visibilityState === "visible" && client.connection.phase === "waiting")
        client.reconnectNow();
    };
    addEventListener("online", again);
    document.addEventListener("visibilitychange", again);
    return () => {
      removeEventListener("online", again);
      document.removeEventListener("visibilitychange", again);
    };
  }, [client]);
  const subscribe = useCallback((listener: () => void) => client.onConnection(listener), [client]);
  return useSyncExternalStore(subscribe, () => client.connection);
};
