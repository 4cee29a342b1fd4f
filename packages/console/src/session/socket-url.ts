/** Where the server listens for sockets: beside the page, also when that is served below a path. */
export const socketUrl = (page: { readonly href: string }): string => {
  const url = new URL("ws", page.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  url.hash = "";
  url.search = "";
  return url.href;
};

/** Where the page itself is served, which is where the server's other doors are. */
export const baseUrl = (page: { readonly href: string }): string => new URL(".", page.href).href;
