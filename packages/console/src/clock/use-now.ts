import { useEffect, useState } from "react";

/** The present time, milliseconds since the epoch, looked at again every `everyMs` for as long as the component is there. */
export const useNow = (everyMs: number): number => {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
};
