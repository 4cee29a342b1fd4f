import { createFrameNotifier } from "@colloquy/client/react";
import { useCallback, useSyncExternalStore } from "react";
import type { FrameLog, FrameLogState } from "./frame-log.ts";

/** The log, looked at once a frame of the screen at most. */
export const useFrameLog = (log: FrameLog): FrameLogState => {
  const subscribe = useCallback(
    (listener: () => void) => {
      const [changed, stop] = createFrameNotifier(listener);
      const leave = log.subscribe(changed);
      return () => {
        leave();
        stop();
      };
    },
    [log],
  );
  return useSyncExternalStore(subscribe, log.state);
};
