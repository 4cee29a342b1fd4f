import type { Clock } from "../kernel/clock.ts";
import type { Parts } from "./compose.ts";

export interface DrainOptions {
  /** How long running turns may go on, milliseconds. */
  readonly ms: number;
  /** Cuts the farewell short. */
  readonly signal?: AbortSignal;
}

/** How long the ends of interrupted turns may take to be stored. A store that fails now would make us wait for ever. */
const graceMs = 5_000;
/** When those who are sent away are told to come back: about as long as a restart takes. */
const backInMs = 2_000;

/** The farewell takes two milliseconds a connection, at most this long. */
const longestGoodbyeMs = 5_000;

const within = (done: Promise<void>, ms: number, clock: Clock): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const stop = clock.after(ms, () => resolve(false));
    done.then(() => resolve(true), reject).finally(stop);
  });

/**
 * Stops taking prompts, lets running turns end, and sends everybody away to come back later. What waits in queues stays
 * in the store for the next start; so does what could not be ended in time, for the journal has its text.
 */
export const drain = async (parts: Parts, { ms, signal }: DrainOptions): Promise<void> => {
  const { heart, webSockets, socketIo, workers, sequencers, clock, logger, meter } = parts;
  logger.info({ running: meter.running, queued: meter.queued, connections: meter.connections }, "draining");
  await sequencers.closeIngress();
  if (!(await within(heart.drain(ms), ms + graceMs, clock))) {
    logger.warn({ running: meter.running }, "some turns could not be ended; the next start takes them up");
  }
  const goodbye = {
    overMs: Math.min(longestGoodbyeMs, 2 * meter.connections),
    backInMs,
    ...(signal && { signal }),
  };
  await Promise.all([webSockets.goodbye(goodbye), socketIo.goodbye(goodbye), workers?.goodbye(goodbye)]);
};
