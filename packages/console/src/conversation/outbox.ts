import { type Keep, tabKeep } from "../parts/storage.ts";

/** A prompt that has not been acknowledged yet. */
export interface Unsent {
  readonly messageId: string;
  readonly text: string;
}

const isUnsent = (value: unknown): value is Unsent =>
  typeof value === "object" &&
  value !== null &&
  "messageId" in value &&
  typeof value.messageId === "string" &&
  "text" in value &&
  typeof value.text === "string";

const read = (keep: Keep, channel: string): readonly Unsent[] => {
  try {
    const value: unknown = JSON.parse(keep.get(`outbox.${channel}`) ?? "[]");
    return Array.isArray(value) ? value.filter(isUnsent) : [];
  } catch {
    return [];
  }
};

export interface Outbox {
  items(): readonly Unsent[];
  add(item: Unsent): void;
  remove(messageId: string): void;
}

/**
 * Prompts on their way, kept until they are acknowledged: a page that is reloaded while the connection is lost sends them
 * again, under the same id, so that they count once.
 */
export const createOutbox = (channel: string, keep: Keep = tabKeep): Outbox => {
  const write = (items: readonly Unsent[]): void =>
    keep.set(`outbox.${channel}`, items.length === 0 ? undefined : JSON.stringify(items));
  return {
    items: () => read(keep, channel),
    add: (item) =>
      write([...read(keep, channel).filter((other) => other.messageId !== item.messageId), item]),
    remove: (messageId) => write(read(keep, channel).filter((other) => other.messageId !== messageId)),
  };
};
