/** Longest channel name that the wire takes. */
const longest = 256;

/** The address of a conversation within the page: `#/c/<channel>`. */
export const hashOf = (channel: string): string => `#/c/${encodeURIComponent(channel)}`;

/** The channel that an address names, or undefined when it names none. */
export const channelOf = (hash: string): string | undefined => {
  const [, encoded] = /^#\/c\/([^/]+)$/.exec(hash) ?? [];
  if (encoded === undefined) return undefined;
  try {
    const channel = decodeURIComponent(encoded);
    return channel.length <= longest ? channel : undefined;
  } catch {
    return undefined;
  }
};
