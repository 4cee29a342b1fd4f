import { closeCodes } from "@colloquy/protocol";
import type { Clock } from "./clock.ts";

/** How a server takes leave of its connections. */
export interface Goodbye {
  /** Over how long the closing is spread, so that they do not all come back at once; milliseconds. */
  readonly overMs: number;
  /** When the server is expected back: the first ones are told to come then, the others up to `overMs` later. */
  readonly backInMs: number;
  /** Cuts the farewell short: what is left is cut. */
  readonly signal?: AbortSignal;
}

/** Who is taken leave of. */
interface Guest {
  close(code: number, reason: string): void;
  terminate(): void;
}

const tickMs = 50;
/** A peer that does not answer the close frame in this time is cut. */
const patienceMs = 5_000;

/** Closes every connection with 1012 and the time to come back; resolves when all of them are gone. */
export const sayGoodbye = async (
  connections: ReadonlySet<Guest>,
  { overMs, backInMs, signal }: Goodbye,
  clock: Clock,
): Promise<void> => {
  const left = [...connections];
  const began = clock.monotonic();
  const all = left.length;
  const { promise, resolve } = Promise.withResolvers<void>();
  const closeSome = (passed: number): void => {
    const due = overMs > 0 ? Math.min(all, Math.ceil((all * passed) / overMs)) : all;
    while (left.length > all - due) {
      const reconnectInMs = Math.round(backInMs + Math.random() * overMs);
      left.pop()?.close(closeCodes.restart, JSON.stringify({ reconnectInMs }));
    }
  };
  const stop = clock.every(tickMs, () => {
    const passed = clock.monotonic() - began;
    closeSome(passed + tickMs);
    if (signal?.aborted || passed > overMs + patienceMs) for (const one of connections) one.terminate();
    if (connections.size === 0) resolve();
  });
  if (connections.size === 0) resolve();
  await promise;
  stop();
};
