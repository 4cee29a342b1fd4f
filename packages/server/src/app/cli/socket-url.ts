const schemes: ReadonlyMap<string, string> = new Map([
  ["ws:", "ws:"],
  ["wss:", "wss:"],
  ["http:", "ws:"],
  ["https:", "wss:"],
]);

/**
 * Where a server's WebSocket is, by any address of that server: the socket's own, or the page's as a browser shows it.
 * Undefined for what is no address of a server.
 */
export const socketUrl = (given: string): string | undefined => {
  const url = URL.parse(given);
  const scheme = schemes.get(url?.protocol ?? "");
  if (!url || scheme === undefined) return undefined;
  url.protocol = scheme;
  // What a page has behind the # is no part of where its server is.
  url.hash = "";
  if (url.pathname === "/") url.pathname = "/ws";
  return url.href;
};
