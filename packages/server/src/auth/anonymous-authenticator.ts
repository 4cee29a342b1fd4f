import type { Authenticator, Credentials } from "./authenticator.ts";
import { everything, type Principal } from "./principal.ts";

const nobodyInParticular: Principal = { user: "anonymous", anonymous: true, grants: everything };

/**
 * Takes whoever `allowed` lets pass as one and the same anonymous user, who may do everything on every channel, and answer
 * as any model worker. A token that they bring means nothing here and is not looked at, so that a program which always
 * sends one works unchanged.
 */
export const createAnonymousAuthenticator = (
  allowed: (credentials: Credentials) => boolean,
): Authenticator => ({
  identify: (credentials) => Promise.resolve(allowed(credentials) ? nobodyInParticular : undefined),
});
