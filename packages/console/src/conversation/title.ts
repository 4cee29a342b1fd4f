import type { ConversationView } from "@colloquy/client";

const longest = 80;

/** What a conversation is called: the beginning of its first prompt; undefined while its beginning is not known. */
export const titleOf = ({ turns, more }: ConversationView): string | undefined => {
  if (more) return undefined;
  const line = turns[0]?.prompt?.trim().replace(/\s+/g, " ");
  if (line === undefined || line === "") return undefined;
  return line.length <= longest ? line : `${line.slice(0, longest).replace(/[\uD800-\uDBFF]$/, "")}…`;
};
