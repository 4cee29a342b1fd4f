/**
 * Makes work that is asked for often run once at a time, and once more when it was asked for meanwhile: whoever asks gets a run
 * that began after they asked, or the one that just begins.
 */
export const coalesce = (work: () => Promise<void>): (() => Promise<void>) => {
  let current: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const begin = (): Promise<void> => {
    current = work().finally(() => {
      current = undefined;
    });
    return current;
  };
  return () => {
    if (!current) return begin();
    next ??= current
      .catch(() => {})
      .then(() => {
        next = undefined;
        return begin();
      });
    return next;
  };
};
