import type { Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";

/** The beginning of a body, decoded. */
export interface Body {
  readonly bytes: Buffer;
  /** There is more than was read. */
  readonly cut: boolean;
}

const decoders = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
} as const;

/** What `readBody` decodes, as a request says it. */
export const acceptEncoding = "gzip, deflate, br";

const isKnown = (encoding: string): encoding is keyof typeof decoders => Object.hasOwn(decoders, encoding);

/**
 * Reads the first `limit` bytes of a body, counted after decoding, and ends it: a small body that decodes to a huge one costs
 * no more than any other.
 *
 * @param encoding the header Content-Encoding
 * @throws Error for an encoding that is not known or does not hold
 */
export const readBody = async (body: Readable, encoding: string, limit: number): Promise<Body> => {
  const name = encoding.trim().toLowerCase();
  let source = body;
  // Ending it early is an error to whoever made it, and no news to us.
  body.on("error", (error) => source.destroy(error));
  try {
    if (name !== "" && name !== "identity") {
      if (!isKnown(name)) throw new Error(`it is encoded as ${name.slice(0, 40)}, which is not read here`);
      source = body.pipe(decoders[name]());
    }
    const pieces: Buffer[] = [];
    let left = limit;
    for await (const chunk of source) {
      const piece: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
      pieces.push(piece.subarray(0, left));
      left -= piece.length;
      if (left < 0) return { bytes: Buffer.concat(pieces), cut: true };
    }
    return { bytes: Buffer.concat(pieces), cut: false };
  } finally {
    source.destroy();
    body.destroy();
  }
};
