/** Where the server listens for sockets: beside the page, also when that is served below a path. */
export const socketUrl = (page: { readonly href: string }): string => {
  const url = new URL("ws", page.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  url.hash = "";
  url.search = "";
  return url.href;
};
