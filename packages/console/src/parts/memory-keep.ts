import type { Keep } from "./storage.ts";

/** A keep for tests. */
export const memoryKeep = (): Keep => {
  const kept = new Map<string, string>();
  return {
    get: (key) => kept.get(key),
    set(key, value) {
      if (value === undefined || value === "") kept.delete(key);
      else kept.set(key, value);
    },
  };
};
