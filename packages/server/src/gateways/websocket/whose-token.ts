import type { Authenticator } from "../../auth/authenticator.ts";
import type { Principal } from "../../auth/principal.ts";
import { ColloquyError } from "../../kernel/colloquy-error.ts";
import type { Standing } from "./connection.ts";

/**
 * Whose a token is that comes in band. A socket stays one user's: another one's token is refused.
 *
 * Rejects with what the authenticator rejects with, `token_invalid` when nobody knows the token, or `not_allowed`.
 */
export const whoseToken = async (
  authenticator: Authenticator,
  standing: Standing,
  token: string,
): Promise<Principal> => {
  const before = standing.kind === "known" ? standing.principal : undefined;
  // Only what came with the request may make someone anonymous, and that was looked at when it came.
  const request =
    standing.kind === "unknown" ? standing.credentials : { remoteAddress: undefined, headers: {} };
  const found = await authenticator.identify({ ...request, token });
  const principal = found ?? (before?.anonymous ? before : undefined);
  if (!principal) throw new ColloquyError("token_invalid");
  if (before && !before.anonymous && before.user !== principal.user) {
    throw new ColloquyError("not_allowed", {
      message: "That token is another user's; open a new connection for it.",
    });
  }
  return principal;
};
