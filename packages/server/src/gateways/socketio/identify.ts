import type { Socket } from "socket.io";
import type { Authenticator, Credentials } from "../../auth/authenticator.ts";
import type { Principal } from "../../auth/principal.ts";
import { ColloquyError } from "../../kernel/colloquy-error.ts";

export interface IdentifyOptions {
  readonly authenticator: Authenticator;
  readonly allowQueryToken: boolean;
}

/** A token that came by itself; anything but text is no token, and an empty one counts as none. */
const tokenIn = (value: unknown): string | undefined => {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value !== "string") throw new ColloquyError("token_invalid");
  return value;
};

/**
 * Who opened a socket: by `auth.token`, the query where the operator allows that, or what came with the request. Rejects with
 * `not_authenticated` when nothing did.
 */
export const identify = async (
  { handshake }: Pick<Socket, "handshake">,
  { authenticator, allowQueryToken }: IdentifyOptions,
): Promise<Principal> => {
  const { auth, query, headers, address: remoteAddress } = handshake;
  const token = tokenIn(auth["token"]) ?? (allowQueryToken ? tokenIn(query["token"]) : undefined);
  const credentials: Credentials = { remoteAddress, headers, ...(token !== undefined && { token }) };
  const principal = await authenticator.identify(credentials);
  if (!principal) throw new ColloquyError("not_authenticated");
  if (token !== undefined || headers.authorization !== undefined) return principal;
  // Clients with a cookie cannot refresh in band: when it runs out is looked at when they connect, and never again.
  const { expiresAt: _, ...lasting } = principal;
  return lasting;
};

/** A fresh token on a live socket. It stays one user's: another one's token is refused. */
export const identifyAgain = async (
  before: Principal,
  token: string,
  authenticator: Authenticator,
): Promise<Principal> => {
  // Only what came with the request may make someone anonymous, and that was looked at when it came.
  const found = await authenticator.identify({ remoteAddress: undefined, headers: {}, token });
  const principal = found ?? (before.anonymous ? before : undefined);
  if (!principal) throw new ColloquyError("token_invalid");
  if (!before.anonymous && before.user !== principal.user) {
    throw new ColloquyError("not_allowed", {
      message: "That token is another user's; open a new connection for it.",
    });
  }
  return principal;
};
