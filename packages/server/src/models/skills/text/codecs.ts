import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Bytes as text, or in hex where they are none. */
const show = (bytes: Uint8Array): string => {
  try {
    return utf8.decode(bytes);
  } catch {
    return `these bytes, which are no text: ${Buffer.from(bytes).toString("hex")}`;
  }
};

const rot13 = (text: string): string =>
  text.replaceAll(/[a-z]/gi, (letter) => {
    const base = letter <= "Z" ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base);
  });

/** A way of writing text, there and back; back gives undefined for what was not written so. */
interface Codec {
  readonly name: string;
  readonly encode: (text: string) => string;
  readonly decode: (text: string) => string | undefined;
}

const fromBase64 = (text: string): string | undefined => {
  const plain = text.replaceAll(/\s/g, "");
  return /^[A-Za-z0-9+/_-]+={0,2}$/.test(plain) && plain.replaceAll("=", "").length % 4 !== 1
    ? show(Buffer.from(plain, "base64"))
    : undefined;
};

const codecs: Readonly<Record<string, Codec>> = {
  base64: { name: "Base64", encode: (text) => Buffer.from(text).toString("base64"), decode: fromBase64 },
  base64url: {
    name: "Base64 for URLs",
    encode: (text) => Buffer.from(text).toString("base64url"),
    decode: fromBase64,
  },
  hex: {
    name: "hex",
    encode: (text) => Buffer.from(text).toString("hex"),
    decode(text) {
      const plain = text.replaceAll(/\s|^0x/g, "");
      return /^(?:[0-9a-f]{2})+$/i.test(plain) ? show(Buffer.from(plain, "hex")) : undefined;
    },
  },
  url: {
    name: "URL form",
    encode: (text) => encodeURIComponent(text.toWellFormed()),
    decode(text) {
      try {
        return decodeURIComponent(text.replaceAll("+", " "));
      } catch {
        return undefined;
      }
    },
  },
  rot13: { name: "ROT13", encode: rot13, decode: rot13 },
};

/** The codec by any of its names. */
export const codecOf = (said: string): Codec | undefined => {
  const name = said.toLowerCase().replaceAll(/[ _-]/g, "");
  return codecs[
    { base64: "base64", b64: "base64", hexadecimal: "hex", percent: "url", uri: "url" }[name] ?? name
  ];
};

export const codecName = String.raw`(base[ -]?64[ -]?url|base[ -]?64|b64|hex(?:adecimal)?|url|uri|percent|rot[ -]?13)`;

/** A digest by any of its names, in hex. */
export const digest = (said: string, text: string): string => {
  const name = said
    .toLowerCase()
    .replaceAll(/^sha-(?=\d)/g, "sha")
    .replace(/^crc-/, "crc");
  if (name === "crc32") return crc32(text).toString(16).padStart(8, "0");
  return createHash(name).update(text).digest("hex");
};

export const digestName = String.raw`(md5|sha-?1|sha-?224|sha-?256|sha-?384|sha-?512|sha3-256|sha3-512|crc-?32)`;
