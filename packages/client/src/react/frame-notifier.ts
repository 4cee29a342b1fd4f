/** Calls something after the next frame, or a little later while the page is not shown; returns how to call that off. */
export type Schedule = (run: () => void) => () => void;

const hiddenMs = 250;

/** Frames do not come while the page is hidden, nor where there is none. */
const afterFrame: Schedule = (run) => {
  if (typeof document === "undefined" || document.visibilityState === "hidden") {
    const timer = setTimeout(run, hiddenMs);
    return () => clearTimeout(timer);
  }
  const frame = requestAnimationFrame(run);
  // A page that is hidden before the frame came must not keep what it knows for itself.
  const timer = setTimeout(run, hiddenMs);
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
};

/**
 * Makes a listener for changes that calls `notify` at most once a frame, however many changes there were. The second
 * function ends it.
 */
export const createFrameNotifier = (
  notify: () => void,
  schedule: Schedule = afterFrame,
): readonly [() => void, () => void] => {
  let cancel: (() => void) | undefined;
  const stop = (): void => {
    cancel?.();
    cancel = undefined;
  };
  const changed = (): void => {
    cancel ??= schedule(() => {
      stop();
      notify();
    });
  };
  return [changed, stop];
};
