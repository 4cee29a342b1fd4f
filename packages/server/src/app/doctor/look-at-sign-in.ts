import { createRemoteJWKSet } from "jose";
import type { Config } from "../config/resolve-config.ts";
import { bad, good, mind, type Finding } from "./finding.ts";

const about = "sign-in";

/** Who can get in, and whether the keys for it are there. */
export const lookAtSignIn = async (config: Config): Promise<Finding> => {
  if (config.jwksUrl) {
    try {
      const keys = createRemoteJWKSet(config.jwksUrl, { timeoutDuration: 5_000 });
      await keys.reload();
      const count = keys.jwks()?.keys.length ?? 0;
      if (count > 0) return good(about, `by tokens; ${config.jwksUrl.host} gives ${count} public keys.`);
      return bad(
        about,
        `${config.jwksUrl.host} gives no keys.`,
        "Set JWKS_URL to your identity provider's public keys.",
      );
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return bad(
        about,
        `the public keys cannot be fetched: ${why}.`,
        "Look at JWKS_URL, and at the network between.",
      );
    }
  }
  if (config.jwtSecret !== undefined) return good(about, "by tokens that are signed with JWT_SECRET.");
  if (config.admission.anonymous === "loopback") return good(about, "none; only this machine is served.");
  return mind(
    about,
    "none, and whoever reaches the server may do everything.",
    "Set JWT_SECRET or JWKS_URL, and unset ALLOW_ANONYMOUS.",
  );
};
