import type { Authenticator } from "./authenticator.ts";

/**
 * Asks one after the other until somebody knows who it is. What one of them refuses is refused: a bad token does not
 * make its bearer anonymous.
 */
export const createFirstAuthenticator = (authenticators: readonly Authenticator[]): Authenticator => ({
  async identify(credentials) {
    for (const authenticator of authenticators) {
      const principal = await authenticator.identify(credentials);
      if (principal) return principal;
    }
    return undefined;
  },
});
