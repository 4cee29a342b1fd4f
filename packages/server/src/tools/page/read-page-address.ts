import { isIP } from "node:net";

/** Addresses that this tool reads, or why it does not, as a sentence for the model. */
export type PageAddress =
  | { readonly ok: true; readonly url: URL; readonly host: string; readonly port: number }
  | { readonly ok: false; readonly says: string };

/** Which ports may be dialled. */
export type PortRule = (port: number) => boolean;

/** The two that pages are served at. */
export const pagePorts: PortRule = (port) => port === 80 || port === 443;

const longest = 2_048;

const no = (says: string): PageAddress => ({ ok: false, says });

/** Host as it was written, without what may stand before and behind it; undefined in an address without one. */
const writtenHost = (text: string): string | undefined => {
  const [, authority] = /^(?:[a-z][a-z0-9+.-]*:)?\/\/([^/?#]*)/i.exec(text) ?? [];
  return authority?.replace(/:\d*$/, "");
};

/**
 * Reads the address of a page. Whatever one program could read otherwise than the next is refused: names and passwords in it,
 * control characters, backslashes, and numbers that are IP addresses in disguise.
 *
 * @param base what a redirect's address may be relative to
 */
export const readPageAddress = (text: string, mayUse: PortRule = pagePorts, base?: URL): PageAddress => {
  if (text.length > longest) return no("That address is too long.");
  if (/[\p{Cc}\s\\]/u.test(text))
    return no("That is not an address of a page: it has spaces or signs that none has.");
  const url = URL.parse(text, base?.href);
  if (!url) return no("That is not an address; it should begin with https://.");
  if (url.protocol !== "https:" && url.protocol !== "http:")
    return no("Only http and https addresses are read.");
  // "http:host" and "http:///host" are read as "http://host" by some, and otherwise by others.
  if (/^[a-z][a-z0-9+.-]*:(?!\/\/[^/])/i.test(text))
    return no("That is not an address; it should begin with https://.");
  if (url.username !== "" || url.password !== "")
    return no("Addresses with a name or password in them are not read.");
  const written = writtenHost(text)?.toLowerCase();
  if (written?.includes("@") === true) return no("Addresses with a name or password in them are not read.");
  const host = url.hostname.replace(/^\[|\]$/g, "");
  // The URL's rules make 127.0.0.1 of 2130706433, 0x7f.1, 0177.0.0.1 and 127.0.0.1.; who writes so wants to hide it.
  if (isIP(host) === 4 && written !== undefined && written !== host)
    return no("That is an odd way to write an IP address.");
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  if (!mayUse(port)) return no("Only the usual ports 80 and 443 are read from.");
  return { ok: true, url, host, port };
};
