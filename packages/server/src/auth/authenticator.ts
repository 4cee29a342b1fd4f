import type { Principal } from "./principal.ts";

/** The part of an HTTP request that tells who is there. */
export interface Credentials {
  /** The address that the connection came from. */
  readonly remoteAddress: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** A token that came by itself: in band, or in a query string where the operator allows that. */
  readonly token?: string;
}

/**
 * Says who it is; never what they may do here, which the conversation decides.
 *
 * Duties of an adapter: `identify` resolves to undefined when nothing was presented (the connection may still
 * authenticate in band), and rejects with `token_invalid` or `token_expired` when what was presented is not good.
 * Nothing that an adapter logs or throws contains a token.
 */
export interface Authenticator {
  identify(credentials: Credentials): Promise<Principal | undefined>;
}
