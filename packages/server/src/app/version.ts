import { readFileSync } from "node:fs";

/** The version of this package, as its package.json says; also right where the sources run themselves. */
export const readVersion = (): string => {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  const { version }: { readonly version?: unknown } = JSON.parse(text);
  return typeof version === "string" ? version : "unknown";
};
