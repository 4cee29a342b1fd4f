import { wireLimits } from "@colloquy/protocol";

/**
 * How much of what was sent on a connection has been confirmed by the peer, in bytes since it opened. The kernel takes
 * megabytes from a socket whose peer does not read, so only the peer's own word counts: pings carry `sent`, pongs bring it
 * back. Numbers only; what to do with them is the connection's.
 */
export interface Pressure {
  sent: number;
  confirmed: number;
  /** The counter of the newest ping. */
  asked: number;
  /** Pings that no pong has answered. */
  pings: number;
}

/** Some WebSocket libraries end a connection on which more pings than 60 come at once. */
const mostPings = 32;

export const noPressure = (): Pressure => ({ sent: 0, confirmed: 0, asked: 0, pings: 0 });

export const unconfirmed = (pressure: Pressure): number => pressure.sent - pressure.confirmed;

/**
 * Whether frames of so many bytes may go out now: as many as keep the unconfirmed bytes within the limit, and one larger
 * frame when nothing is outstanding.
 */
export const admits = (pressure: Pressure, bytes: number): boolean => {
  const outstanding = pressure.sent - pressure.confirmed;
  return outstanding === 0 || outstanding + Math.max(bytes, 1) <= wireLimits.unconfirmedBytes;
};

/** Counts bytes that go out; true when a ping should follow them. */
export const wrote = (pressure: Pressure, bytes: number): boolean => {
  pressure.sent += bytes;
  return pressure.sent - pressure.asked >= wireLimits.confirmEveryBytes;
};

/** Whether a ping would confirm more than those on their way, which are not too many. */
export const mayAsk = (pressure: Pressure): boolean =>
  pressure.sent > pressure.asked && pressure.pings < mostPings;

/** Counts a ping; returns the counter that it carries. */
export const ask = (pressure: Pressure): number => {
  pressure.asked = pressure.sent;
  pressure.pings += 1;
  return pressure.sent;
};

/** Takes a pong's counter; true when something was confirmed. Counters that no ping carried yet, or old ones, are ignored. */
export const confirm = (pressure: Pressure, counter: number): boolean => {
  if (counter <= pressure.confirmed || counter > pressure.asked) return false;
  pressure.confirmed = counter;
  // A peer may answer only the newest of several.
  pressure.pings = counter === pressure.asked ? 0 : Math.max(0, pressure.pings - 1);
  return true;
};
