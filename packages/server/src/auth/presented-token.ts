import type { Credentials } from "./authenticator.ts";

/** Longer than any token that a browser could keep in a cookie, with room for an identity provider's claims. */
const maxTokenLength = 16 * 1024;

const bearerOf = (header: string | string[] | undefined): string | undefined => {
  const [, token] = /^bearer +([^\s]+) *$/i.exec(typeof header === "string" ? header : "") ?? [];
  return token;
};

const cookieOf = (header: string | string[] | undefined, name: string): string | undefined => {
  const cookies = (Array.isArray(header) ? header.join(";") : (header ?? "")).split(";");
  for (const cookie of cookies) {
    const [key = "", ...rest] = cookie.split("=");
    if (key.trim() === name)
      return rest
        .join("=")
        .trim()
        .replace(/^"(.*)"$/, "$1");
  }
  return undefined;
};

/**
 * The token that came with a request: one that came by itself (in band, query string), else the `Authorization: Bearer`
 * header, else the cookie `access_token`. Authorization of another scheme is some proxy's business and not looked at.
 * The cookie is only worth something after the Origin was checked, which admission does before anyone asks here.
 */
export const presentedToken = (credentials: Credentials): string | undefined => {
  const token =
    credentials.token ??
    bearerOf(credentials.headers["authorization"]) ??
    cookieOf(credentials.headers["cookie"], "access_token");
  // Cut, so that what is too long is refused as unreadable instead of being worked on.
  return token === "" ? undefined : token?.slice(0, maxTokenLength);
};
