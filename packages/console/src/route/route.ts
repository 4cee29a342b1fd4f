/** Longest channel name that the wire takes. */
const longest = 256;

/** The channel of a room begins with this; the id of its chat follows. */
const rooms = "chat:";

/** The chat whose room a channel is, or undefined when it is not one of a room. */
export const chatOf = (channel: string): string | undefined =>
  channel.startsWith(rooms) && channel.length > rooms.length ? channel.slice(rooms.length) : undefined;

/** The channel of a chat's room. */
export const channelOfChat = (chatId: string): string => rooms + chatId;

/** The address of a conversation within the page: `#/c/<channel>`, or `#/r/<chat>` of a room. */
export const hashOf = (channel: string): string => {
  const chatId = chatOf(channel);
  return chatId === undefined ? `#/c/${encodeURIComponent(channel)}` : `#/r/${encodeURIComponent(chatId)}`;
};

/** The channel that an address names, or undefined when it names none. */
export const channelOf = (hash: string): string | undefined => {
  const [, kind, encoded] = /^#\/([cr])\/([^/]+)$/.exec(hash) ?? [];
  if (encoded === undefined) return undefined;
  try {
    const name = decodeURIComponent(encoded);
    const channel = kind === "r" ? channelOfChat(name) : name;
    return channel.length <= longest ? channel : undefined;
  } catch {
    return undefined;
  }
};
