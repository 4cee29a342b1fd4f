import * as fc from "fast-check";
import { expect, test } from "vitest";
import { counterOf, pingFrame, textFrame } from "./framing.ts";

/** Reads frames of a server as RFC 6455 §5.2 draws them: FIN set, no mask, the shortest form of the length. */
const read = (bytes: Buffer): string[] => {
  const seen: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    const [first = 0, second = 0] = bytes.subarray(at);
    const wide = second === 127 ? 10 : second === 126 ? 4 : 2;
    const length =
      wide === 10 ? Number(bytes.readBigUInt64BE(at + 2)) : wide === 4 ? bytes.readUInt16BE(at + 2) : second;
    expect(length < 126 ? 2 : length < 65_536 ? 4 : 10).toBe(wide);
    const payload = bytes.subarray(at + wide, at + wide + length);
    seen.push(first === 0x89 ? `ping ${counterOf(payload)}` : `${first.toString(16)} ${payload.toString()}`);
    at += wide + length;
  }
  return seen;
};

test("a frame of any length is read as what was written", () => {
  for (const length of [0, 1, 125, 126, 127, 65_535, 65_536, 1_000_000]) {
    const text = "x".repeat(length);
    expect(read(textFrame([text]))).toEqual([`81 ${text}`]);
  }
});

test("strings and bytes are joined with nothing between, in one buffer after another", () => {
  const piece = fc.string({ unit: "grapheme", maxLength: 200 });
  fc.assert(
    fc.property(fc.array(fc.array(fc.tuple(piece, fc.boolean()))), (frames) => {
      const made = frames.map((pieces) =>
        textFrame(pieces.map(([text, bytes]) => (bytes ? Buffer.from(text) : text))),
      );
      const texts = frames.map((pieces) => `81 ${pieces.map(([text]) => text).join("")}`);
      expect(read(Buffer.concat(made))).toEqual(texts);
    }),
    { verbose: 1 },
  );
});

test("pings carry a counter, also one beyond 32 bits", () => {
  const counters = [0, 8192, 2 ** 32 + 5, 2 ** 47];
  expect(read(Buffer.concat(counters.map(pingFrame)))).toEqual(counters.map((counter) => `ping ${counter}`));
  expect(counterOf(Buffer.from("keep-alive"))).toBeUndefined();
});
