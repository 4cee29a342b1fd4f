import { z } from "zod";
import type { Grants } from "./principal.ts";

const list = z.array(z.string().max(256)).max(1_000);
const names = list.default([]);

const claims = z.object({
  sub: z.string().optional(),
  user_id: z.union([z.string(), z.int().transform(String)]).optional(),
  /** Existing issuers tell tokens to sign in with from those to get new ones with. */
  token_type: z.literal("access").optional(),
  exp: z.number(),
  channels: z
    .object({ read: names, prompt: names, publish: names, stop: names, approve: list.optional() })
    .default({ read: [], prompt: [], publish: [], stop: [] }),
  serve: list.optional(),
  rooms: z.record(z.string().max(256), z.enum(["reader", "writer", "owner"])).optional(),
});

/** What a token says once its signature has been checked. */
export interface TokenClaims {
  readonly user: string;
  readonly grants: Grants;
  /** Seconds since the epoch. */
  readonly expires: number;
}

/**
 * Reads the claims of a token whose signature is good. `user_id` names the user where an issuer writes that, else
 * `sub`; `channels` lists what they may do where, `serve` the names under which they may answer as model workers. What is not
 * listed is not granted. `rooms` says what they are in chats without having been invited. Returns a sentence when the claims
 * make no sense; it holds nothing of the token.
 *
 * @example {"sub": "ada", "exp": 1790000000, "channels": {"read": ["*"], "prompt": ["team-*"], "publish": [], "stop": []}}
 */
export const readClaims = (payload: unknown): TokenClaims | string => {
  const parsed = claims.safeParse(payload);
  if (!parsed.success) {
    const at = parsed.error.issues[0]?.path.join(".") ?? "";
    return `The claim "${at}" is missing or has another shape than it should.`;
  }
  const user = parsed.data.user_id ?? parsed.data.sub ?? "";
  if (user === "" || user.length > 256) return 'The claim "sub" (or "user_id") must name the user.';
  const { channels, serve, rooms, exp: expires } = parsed.data;
  const { approve, ...named } = channels;
  const grants = {
    ...named,
    ...(approve && { approve }),
    ...(serve && { serve }),
    ...(rooms && { rooms }),
  };
  return { user, grants, expires };
};
