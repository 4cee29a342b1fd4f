/** Whether a WebSocket can be opened at an address. */
export const isSocketUrl = (url: string): boolean => /^(wss?|https?):$/.test(URL.parse(url)?.protocol ?? "");
