import { isUtf8 } from "node:buffer";

/** What the bytes of a connection are. */
export type ReadPrompt =
  | { readonly kind: "prompt"; readonly text: string }
  /** Nothing, blanks, or the word that ends a breakout's session. */
  | { readonly kind: "nothing" }
  | { readonly kind: "refused"; readonly why: "http" | "notUtf8" };

/** Any web page can make a browser post to this port; what it sends begins like this. */
const requestLine = /^[A-Z]+ \S+ HTTP\/\d(?:\.\d)?\r?(?:\n|$)/;

/** The text is taken whole, as it was sent. */
export const readPrompt = (bytes: Buffer): ReadPrompt => {
  if (!isUtf8(bytes)) return { kind: "refused", why: "notUtf8" };
  const text = bytes.toString();
  if (requestLine.test(text)) return { kind: "refused", why: "http" };
  const word = text.trim();
  return word === "" || word === "quit" ? { kind: "nothing" } : { kind: "prompt", text };
};
