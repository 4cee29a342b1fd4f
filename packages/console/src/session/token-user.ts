/** The user that a token names, or undefined when it is not a readable JWT. Nothing is verified: it is only shown. */
export const tokenUser = (token: string): string | undefined => {
  try {
    const payload = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(payload), (char) => char.codePointAt(0) ?? 0);
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof claims !== "object" || claims === null) return undefined;
    const user = "sub" in claims ? claims.sub : "user_id" in claims ? claims.user_id : undefined;
    return typeof user === "string" || typeof user === "number" ? String(user) : undefined;
  } catch {
    return undefined;
  }
};
