import { mayBeAnonymous } from "../auth/admission.ts";
import { createAnonymousAuthenticator } from "../auth/anonymous-authenticator.ts";
import type { Authenticator } from "../auth/authenticator.ts";
import { createFirstAuthenticator } from "../auth/first-authenticator.ts";
import { createJwtAuthenticator, type JwtKey } from "../auth/jwt-authenticator.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Config } from "./config/resolve-config.ts";

const keyOf = (config: Config): JwtKey | undefined => {
  if (config.jwksUrl) return { kind: "jwks", url: config.jwksUrl };
  return config.jwtSecret === undefined ? undefined : { kind: "secret", secret: config.jwtSecret };
};

/** @param onlyHere nobody but this machine can connect to where the server listens */
export const composeAuthenticator = (
  config: Config,
  clock: Clock,
  onlyHere: () => boolean,
): Authenticator => {
  const key = keyOf(config);
  const { jwtAudience: audience, jwtIssuer: issuer, admission } = config;
  const anonymous = createAnonymousAuthenticator(
    (credentials) =>
      mayBeAnonymous(admission, credentials) && (admission.anonymous === "always" || onlyHere()),
  );
  if (!key) return anonymous;
  const jwt = createJwtAuthenticator({
    key,
    clock,
    ...(audience !== undefined && { audience }),
    ...(issuer !== undefined && { issuer }),
  });
  return createFirstAuthenticator([jwt, anonymous]);
};
