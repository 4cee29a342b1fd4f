import { useEffect, useRef } from "react";

/** Escape, wherever the focus is, calls `stop`; not while it is undefined, nor while an input method uses the key. */
export const useStopKey = (stop: (() => void) | undefined): void => {
  const latest = useRef(stop);
  useEffect(() => {
    latest.current = stop;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== "Escape" || event.isComposing || event.defaultPrevented || !latest.current) return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
};
