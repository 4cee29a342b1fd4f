/**
 * A token of the provider stand-in is its own time stamp: four characters, about the length of an English token, that
 * count hundredths of a millisecond on the machine's monotonic clock (shared by all processes), modulo 168 seconds.
 */
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const modulus = 64 ** 4;
const perMs = 100;

export const tokenLength = 4;

const values = new Uint8Array(128);
for (let i = 0; i < alphabet.length; i += 1) values[alphabet.charCodeAt(i)] = i;

/** Milliseconds on the clock that all processes of this machine share. */
export type SharedClock = () => number;

/** `performance.now()` moved to the machine's own zero, because calling it is cheaper than `process.hrtime`. */
export const createSharedClock = (): SharedClock => {
  const zero = Number(process.hrtime.bigint()) / 1e6 - performance.now();
  return () => zero + performance.now();
};

/** The token that says this time. */
export const stampOf = (ms: number): string => {
  const units = Math.floor(ms * perMs) % modulus;
  return (
    alphabet.charAt((units >> 18) & 63) +
    alphabet.charAt((units >> 12) & 63) +
    alphabet.charAt((units >> 6) & 63) +
    alphabet.charAt(units & 63)
  );
};

const digit = (text: string, at: number): number => values[text.charCodeAt(at) & 127] ?? 0;

/** How old the token at `at` is at time `now`, milliseconds; 0 when two clocks disagree by a hair. */
export const ageOf = (text: string, at: number, now: number): number => {
  const units =
    (digit(text, at) << 18) | (digit(text, at + 1) << 12) | (digit(text, at + 2) << 6) | digit(text, at + 3);
  const age = ((Math.floor(now * perMs) % modulus) - units + modulus) % modulus;
  return age > modulus - 1_000 * perMs ? 0 : age / perMs;
};

/** How many of a text's tokens were made between two times that are less than the modulus apart. */
export const tokensBetween = (text: string, from: number, to: number): number => {
  let count = 0;
  for (let at = 0; at + tokenLength <= text.length; at += tokenLength) {
    const age = ageOf(text, at, to);
    if (age > 0 && age <= to - from) count += 1;
  }
  return count;
};
