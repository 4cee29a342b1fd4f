import { createHash, timingSafeEqual } from "node:crypto";

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/**
 * Whether an `Authorization` header carries the server's key as its bearer token; takes the same time whatever it
 * carries. Without a key nothing does.
 */
export const carriesKey = (authorization: string | undefined, key: string | undefined): boolean => {
  const [, token = ""] = /^bearer +(\S+) *$/i.exec(authorization ?? "") ?? [];
  return key !== undefined && timingSafeEqual(digest(token), digest(key));
};
