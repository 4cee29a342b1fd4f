import type { ClientLog } from "./client.ts";

/** Who wants to be told; one that throws does not keep the others from being told. */
export interface Listeners<T> {
  add(listener: (value: T) => void): () => void;
  tell(value: T): void;
}

export const listeners = <T>(log: (event: ClientLog) => void): Listeners<T> => {
  const all = new Set<{ call: (value: T) => void }>();
  return {
    add(listener) {
      // The same function may be added twice, and each is removed on its own.
      const one = { call: listener };
      all.add(one);
      return () => all.delete(one);
    },
    tell(value) {
      for (const one of all) {
        try {
          one.call(value);
        } catch (error) {
          log({ event: "listener", error });
        }
      }
    },
  };
};
