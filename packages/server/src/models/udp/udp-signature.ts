import { createHmac, createSecretKey, randomBytes, timingSafeEqual, type KeyObject } from "node:crypto";
import { utf8Length, type Signed } from "@colloquy/protocol/sequencer";
import type { Clock } from "../../kernel/clock.ts";

/** Which way a datagram goes; signed with it, so that a prompt cannot be played back as a reply. */
export type Direction = "to-models" | "from-models";

/** The one byte that stands first in what is signed. */
const directionByte: Readonly<Record<Direction, number>> = { "to-models": 1, "from-models": 2 };

/** How far the clocks of two sides may differ, milliseconds. */
const windowMs = 30_000;

/** How many datagrams are remembered so that none is taken twice. */
const remembered = 65_536;

const keyOf = (secret: string): KeyObject => createSecretKey(Buffer.from(secret));

/** HMAC-SHA-256 over the direction byte, `ts` in decimal, `nonce`, and the UTF-8 of `data`, nothing between. */
const signatureOf = (
  key: KeyObject,
  direction: Direction,
  { data, ts, nonce }: Omit<Signed, "sig">,
): Buffer =>
  createHmac("sha256", key)
    .update(Uint8Array.of(directionByte[direction]))
    .update(`${ts}${nonce}`)
    .update(data)
    .digest();

/** Puts a datagram's text into an envelope that proves who wrote it. What it says is not hidden. */
export const createSigner = (secret: string, direction: Direction, clock: Clock) => {
  const key = keyOf(secret);
  return (data: string): string => {
    const ts = Math.floor(clock.now());
    const nonce = randomBytes(16).toString("hex");
    const sig = signatureOf(key, direction, { data, ts, nonce }).toString("hex");
    return JSON.stringify({ data, ts, nonce, sig });
  };
};

const envelope = utf8Length(
  JSON.stringify({ data: "", ts: 1_000_000_000_000, nonce: "0".repeat(32), sig: "0".repeat(64) }),
);

/** How many bytes a text takes in its envelope. */
export const signedLength = (data: string): number => envelope + utf8Length(JSON.stringify(data)) - 2;

/** Why an envelope is not believed: someone else wrote or changed it; it is too old or from the future; it was here before. */
export type Distrust = "forged" | "stale" | "repeated";

/** Checks envelopes. The nonce of a forged one is not remembered, so that forgers cannot push out the real ones. */
export const createVerifier = (secret: string, direction: Direction, clock: Clock) => {
  const key = keyOf(secret);
  const known = new Set<string>();
  const order: string[] = [];
  let next = 0;
  return (signed: Signed): Distrust | undefined => {
    if (Math.abs(clock.now() - signed.ts) > windowMs) return "stale";
    if (!timingSafeEqual(signatureOf(key, direction, signed), Buffer.from(signed.sig, "hex")))
      return "forged";
    if (known.has(signed.nonce)) return "repeated";
    known.add(signed.nonce);
    const oldest = order[next];
    if (oldest !== undefined) known.delete(oldest);
    order[next] = signed.nonce;
    next = (next + 1) % remembered;
    return undefined;
  };
};
