/** Something that holds what it has to write until it is told to. */
export interface Outlet {
  flush(): void;
}

/**
 * Makes connections write what has come together at the end of what the loop is just doing, promises included: a reader that is
 * told of ten things then costs one call of the system, and nothing waits for a timer or another turn of the loop.
 */
export interface Outbox {
  /** It is flushed once for each time that it is added. */
  add(outlet: Outlet): void;
}

export const createOutbox = (): Outbox => {
  let waiting: Outlet[] = [];
  const flush = (): void => {
    const all = waiting;
    waiting = [];
    for (const outlet of all) outlet.flush();
  };
  return {
    add(outlet) {
      // Ticks come after the microtasks that a callback of the loop has left.
      if (waiting.push(outlet) === 1) process.nextTick(flush);
    },
  };
};

/** Frames above this are not copied to be joined, bytes. */
const joinUpTo = 64 * 1024;

/** The frames as one buffer; undefined when copying them would cost more than writing them one by one. */
export const joinFrames = (frames: readonly Buffer[]): Buffer | undefined => {
  const [only] = frames;
  if (frames.length === 1) return only;
  let bytes = 0;
  for (const frame of frames) bytes += frame.length;
  return bytes > joinUpTo ? undefined : Buffer.concat(frames, bytes);
};
