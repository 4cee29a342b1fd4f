import type { Socket } from "node:net";

/** A connection of a breakout, and what it has sent. */
export interface Incoming {
  readonly socket: Socket;
  chunks: Buffer[];
  bytes: number;
  /** When it was accepted, monotonic milliseconds. */
  readonly since: number;
  /** When its first and its last byte came. */
  firstAt: number | undefined;
  lastAt: number;
  /** All has been sent; it may still wait for earlier ones. */
  whole: boolean;
}

export const newIncoming = (socket: Socket, now: number): Incoming => ({
  socket,
  chunks: [],
  bytes: 0,
  since: now,
  firstAt: undefined,
  lastAt: now,
  whole: false,
});

/** So many pieces are kept apart; a prompt that comes byte by byte would take a hundred times its size. */
const maxChunks = 256;

export const addChunk = (one: Incoming, chunk: Buffer): void => {
  one.chunks.push(chunk);
  one.bytes += chunk.byteLength;
  if (one.chunks.length > maxChunks) one.chunks = [Buffer.concat(one.chunks)];
};

export interface Patience {
  readonly silenceMs: number;
  readonly idleMs: number;
}

/** What time makes of a connection: its prompt is whole, or it has nothing to say. */
export const ripeness = (
  { firstAt, lastAt, since, whole }: Incoming,
  now: number,
  { silenceMs, idleMs }: Patience,
): "whole" | "idle" | undefined => {
  if (whole) return undefined;
  if (firstAt === undefined) return now - since >= idleMs ? "idle" : undefined;
  return now - lastAt >= silenceMs ? "whole" : undefined;
};

/**
 * Which prompts may be given on: those that are whole, in the order of accept. One that is still being sent holds back the later
 * ones, but not for longer than `holdMs`; one that has sent nothing holds back nobody.
 */
export const dueIncoming = (
  incoming: Iterable<Incoming>,
  now: number,
  holdMs: number,
): readonly Incoming[] => {
  const due: Incoming[] = [];
  for (const one of incoming) {
    if (one.whole) due.push(one);
    else if (one.firstAt !== undefined && now - one.firstAt < holdMs) break;
  }
  return due;
};
