import type { Clock } from "./clock.ts";

/**
 * What work comes to that others wrote and that may never end: after `ms` it rejects with what `late` gives, and whatever the
 * work comes to then is heard by nobody.
 */
export const within = async <T>(
  ms: number,
  clock: Clock,
  work: () => Promise<T> | T,
  late: () => Error,
): Promise<T> => {
  const { promise, reject } = Promise.withResolvers<never>();
  const stopTimer = clock.after(ms, () => reject(late()));
  try {
    return await Promise.race([work(), promise]);
  } finally {
    stopTimer();
  }
};
