import { createHmac } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseSigned, utf8Length, type Signed } from "@colloquy/protocol/sequencer";
import { manualClock } from "../../../../../tests/stand-ins/manual-clock.ts";
import { createSigner, createVerifier, signedLength } from "./udp-signature.ts";

const secret = "between us";

const signed = (text: string): Signed => {
  const read = parseSigned(text);
  if (!read) throw new Error("not an envelope");
  return read;
};

test("an envelope is what the wire says: one byte, ts, nonce and the UTF-8 of data", () => {
  const clock = manualClock();
  const data = '{"message":"ä"}';
  const { ts, nonce, sig, ...rest } = signed(createSigner(secret, "from-models", clock)(data));
  expect([rest, ts]).toEqual([{ data }, clock.now()]);
  const by = (direction: number): string =>
    createHmac("sha256", secret)
      .update(Buffer.concat([Buffer.from([direction]), Buffer.from(`${ts}${nonce}${data}`)]))
      .digest("hex");
  expect(sig).toBe(by(2));
  expect(signed(createSigner(secret, "to-models", clock)(data)).sig).not.toBe(by(2));
});

test("what was signed is believed once; what anybody changed is not, and does not use up the real one", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.nat(), (text, at) => {
      const clock = manualClock();
      const data = text.toWellFormed();
      const sealed = createSigner(secret, "to-models", clock)(data);
      expect(utf8Length(sealed)).toBe(signedLength(data));
      const real = signed(sealed);
      const verify = createVerifier(secret, "to-models", clock);
      const turned = (hex: string): string => {
        const place = at % hex.length;
        return hex.slice(0, place) + (hex[place] === "0" ? "1" : "0") + hex.slice(place + 1);
      };
      expect(verify({ ...real, data: `${data} ` })).toBe("forged");
      expect(verify({ ...real, ts: real.ts + 1 })).toBe("forged");
      expect(verify({ ...real, nonce: turned(real.nonce) })).toBe("forged");
      expect(verify({ ...real, sig: turned(real.sig) })).toBe("forged");
      expect(createVerifier(secret, "from-models", clock)(real)).toBe("forged");
      expect(createVerifier("another", "to-models", clock)(real)).toBe("forged");
      expect([verify(real), verify(real)]).toEqual([undefined, "repeated"]);
    }),
    { verbose: 1 },
  );
});

test("30 s early or late are believed, more is stale", () => {
  const clock = manualClock();
  const early = signed(createSigner(secret, "to-models", clock)("x"));
  const verify = createVerifier(secret, "to-models", clock);
  clock.advance(30_000);
  expect(verify(early)).toBeUndefined();
  clock.advance(1);
  expect(verify(early)).toBe("stale");
  const late = signed(createSigner(secret, "to-models", { ...clock, now: () => clock.now() + 30_001 })("x"));
  expect(verify(late)).toBe("stale");
});

test("P5 the last 65,536 are remembered", () => {
  const clock = manualClock();
  const sign = createSigner(secret, "to-models", clock);
  const verify = createVerifier(secret, "to-models", clock);
  const first = signed(sign("x"));
  expect(verify(first)).toBeUndefined();
  for (let i = 1; i < 65_536; i += 1) verify(signed(sign("x")));
  expect(verify(first)).toBe("repeated");
  verify(signed(sign("x")));
  expect(verify(first)).toBeUndefined();
});
