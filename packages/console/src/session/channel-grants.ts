import { tokenClaims } from "./token-claims.ts";

type Action = "read" | "prompt" | "stop" | "approve";

/**
 * What a token says that one may do on which channels: names, where `*` stands for any run of characters but `:`. The server
 * has the last word; with this the page offers nothing that would only be refused.
 */
export type ChannelGrants = Readonly<Record<Action, readonly string[]>>;

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/** The grants of a token; undefined when it does not say them in a way that is known here, so that anything may be granted. */
export const channelGrants = (token: string): ChannelGrants | undefined => {
  const channels = tokenClaims(token)?.["channels"];
  if (!isFields(channels)) return undefined;
  const names = (action: Action): readonly string[] => {
    const list = channels[action];
    return Array.isArray(list) ? list.filter((name) => typeof name === "string") : [];
  };
  return { read: names("read"), prompt: names("prompt"), stop: names("stop"), approve: names("approve") };
};

/** Whether a name fits a pattern, both without `:`. */
const fitsPiece = (pattern: string, name: string): boolean => {
  const [head = "", ...rest] = pattern.split("*");
  const tail = rest.pop();
  if (tail === undefined) return pattern === name;
  const end = name.length - tail.length;
  if (end < head.length || !name.startsWith(head) || !name.endsWith(tail)) return false;
  let at = head.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
};

const fits = (pattern: string, channel: string): boolean => {
  const pieces = channel.split(":");
  const patterns = pattern.split(":");
  return patterns.length === pieces.length && pieces.every((piece, i) => fitsPiece(patterns[i] ?? "", piece));
};

/** Whether that is granted, as far as is known. */
export const isGranted = (grants: ChannelGrants | undefined, action: Action, channel: string): boolean =>
  grants === undefined || grants[action].some((pattern) => fits(pattern, channel));

/** Channels that are granted by their names, those first in which one may ask. */
export const namedChannels = (grants: ChannelGrants | undefined): readonly string[] => {
  const readable = (grants?.read ?? []).filter((name) => name !== "" && !name.includes("*"));
  const asks = (name: string): number => (isGranted(grants, "prompt", name) ? 0 : 1);
  return [...new Set(readable)].toSorted((a, b) => asks(a) - asks(b));
};
