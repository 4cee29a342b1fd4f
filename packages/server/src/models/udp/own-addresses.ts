import { networkInterfaces } from "node:os";
import type { Clock } from "../../kernel/clock.ts";

/** Interfaces come and go; strangers may send as often as they like. */
const rereadMs = 5_000;

const addressesOf = (): readonly string[] =>
  Object.values(networkInterfaces()).flatMap((known) => known?.map(({ address }) => address) ?? []);

/** Tells whether an address is one of this machine's own. Asks the system at most once in 5 s. */
export const createOwnAddresses = (
  clock: Clock,
  read: () => readonly string[] = addressesOf,
): ((address: string) => boolean) => {
  let own: ReadonlySet<string> = new Set();
  let readAt = -Infinity;
  return (address) => {
    if (own.has(address) || address.startsWith("127.")) return true;
    const now = clock.monotonic();
    if (now - readAt < rereadMs) return false;
    readAt = now;
    own = new Set(read());
    return own.has(address);
  };
};
