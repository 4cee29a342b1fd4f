import { SignJWT } from "jose";
import type { Clock } from "../kernel/clock.ts";
import type { Grants } from "./principal.ts";

export interface MintOptions {
  /** The server's `JWT_SECRET`. */
  readonly secret: string;
  readonly user: string;
  readonly grants: Grants;
  readonly expiresInSeconds: number;
  readonly audience?: string;
  readonly issuer?: string;
  readonly clock: Clock;
}

/** Makes a token that the server of the same secret accepts: for trying things, and for back ends that use the library. */
export const mintToken = (options: MintOptions): Promise<string> => {
  const now = Math.floor(options.clock.now() / 1_000);
  const { serve, rooms, ...channels } = options.grants;
  const token = new SignJWT({ channels, ...(serve && { serve }), ...(rooms && { rooms }) })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setSubject(options.user)
    .setIssuedAt(now)
    .setExpirationTime(now + options.expiresInSeconds);
  if (options.audience !== undefined) token.setAudience(options.audience);
  if (options.issuer !== undefined) token.setIssuer(options.issuer);
  return token.sign(Buffer.from(options.secret));
};
