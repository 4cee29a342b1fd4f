import { createRemoteJWKSet, errors, jwtVerify, type JWTVerifyGetKey, type JWTVerifyOptions } from "jose";
import type { Clock } from "../kernel/clock.ts";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import type { Authenticator } from "./authenticator.ts";
import { presentedToken } from "./presented-token.ts";
import type { Principal } from "./principal.ts";
import { readClaims } from "./token-claims.ts";

/** What tokens are checked with. One or the other, so that no public key can ever be taken for a secret. */
export type JwtKey =
  /** HS256; at least 32 bytes of UTF-8. */
  | { readonly kind: "secret"; readonly secret: string }
  /** RS256 or ES256, whose public keys are found there. */
  | { readonly kind: "jwks"; readonly url: URL };

export interface JwtOptions {
  readonly key: JwtKey;
  /** `aud` must name this, when given. */
  readonly audience?: string;
  /** `iss` must be this, when given. */
  readonly issuer?: string;
  readonly clock: Clock;
}

/** Fewer bytes than the hash has make HS256 weaker than it says (RFC 7518 §3.2). */
const minSecretBytes = 32;

/** How far the issuer's clock and ours may differ, seconds. */
const toleranceSeconds = 5;

type Key = CryptoKey | JWTVerifyGetKey;

const importSecret = (secret: string): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", Buffer.from(secret), { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);

/** What went wrong while a token was checked. Only a bad token is the bearer's fault; keys that cannot be fetched are ours. */
const refusal = (thrown: unknown): ColloquyError => {
  if (thrown instanceof ColloquyError) return thrown;
  if (thrown instanceof errors.JWTExpired) return new ColloquyError("token_expired");
  const ours =
    !(thrown instanceof errors.JOSEError) ||
    thrown instanceof errors.JWKSTimeout ||
    thrown instanceof errors.JWKSInvalid ||
    thrown.code === "ERR_JOSE_GENERIC";
  return ours
    ? new ColloquyError("auth_unavailable", { cause: thrown })
    : new ColloquyError("token_invalid", { cause: new Error(thrown.code) });
};

/**
 * Signed tokens. The algorithm is fixed by the configuration and never read from the token. A token must carry `exp`:
 * one that never ends could not be taken back. The principal's `expiresAt` includes the tolerance, so that a token
 * which is accepted is not at once found expired.
 *
 * Rejects with `token_invalid`, `token_expired`, or `auth_unavailable` when the public keys cannot be fetched.
 */
export const createJwtAuthenticator = (options: JwtOptions): Authenticator => {
  const { key, clock } = options;
  if (key.kind === "secret" && Buffer.byteLength(key.secret) < minSecretBytes) {
    throw new RangeError(`A secret for HS256 needs at least ${minSecretBytes} bytes.`);
  }
  const algorithms = key.kind === "secret" ? ["HS256"] : ["RS256", "ES256"];
  const checks: JWTVerifyOptions = {
    algorithms,
    clockTolerance: toleranceSeconds,
    requiredClaims: ["exp"],
    ...(options.audience === undefined ? {} : { audience: options.audience }),
    ...(options.issuer === undefined ? {} : { issuer: options.issuer }),
  };
  let imported: Promise<Key> | undefined;
  const keyNow = (): Promise<Key> => {
    imported ??=
      key.kind === "secret" ? importSecret(key.secret) : Promise.resolve(createRemoteJWKSet(key.url));
    return imported;
  };

  const verify = async (token: string): Promise<Principal> => {
    const { payload } = await jwtVerify(token, await keyNow(), {
      ...checks,
      currentDate: new Date(clock.now()),
    });
    const claims = readClaims(payload);
    if (typeof claims === "string") throw new ColloquyError("token_invalid", { detail: claims });
    const expiresAt = (claims.expires + toleranceSeconds) * 1_000;
    return { user: claims.user, anonymous: false, grants: claims.grants, expiresAt };
  };

  return {
    async identify(credentials) {
      const token = presentedToken(credentials);
      if (token === undefined) return undefined;
      try {
        return await verify(token);
      } catch (thrown) {
        throw refusal(thrown);
      }
    },
  };
};
