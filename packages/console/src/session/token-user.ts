import { tokenClaims } from "./token-claims.ts";

/** The user that a token names, or undefined when it is not a readable JWT. */
export const tokenUser = (token: string): string | undefined => {
  const { sub, user_id: user = sub } = tokenClaims(token) ?? {};
  return typeof user === "string" || typeof user === "number" ? String(user) : undefined;
};
