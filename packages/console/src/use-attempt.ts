import { useCallback, useState } from "react";

/** Counts how often somebody tried again to come into a conversation; another one begins at 0. */
export const useAttempt = (channel: string | undefined): readonly [number, () => void] => {
  const [tries, setTries] = useState({ channel, count: 0 });
  const count = tries.channel === channel ? tries.count : 0;
  const tryAgain = useCallback(() => setTries({ channel, count: count + 1 }), [channel, count]);
  return [count, tryAgain];
};
