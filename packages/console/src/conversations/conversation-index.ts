import { channelOfConversation, type Client, type ConversationSummary } from "@colloquy/client";

/** The caller's conversations, as far as they are loaded. A new object whenever something changed. */
export interface IndexState {
  readonly phase: "loading" | "ready" | "failed";
  readonly query: string;
  /** Newest change first. */
  readonly items: readonly ConversationSummary[];
  /** Where the list goes on, when it does. */
  readonly next?: string;
}

export interface ConversationIndex {
  readonly state: () => IndexState;
  readonly subscribe: (listener: () => void) => () => void;
  readonly search: (query: string) => void;
  /** Something happened that the list may show; the same `sign` again means nothing new. */
  readonly changed: (sign: string) => void;
  readonly refresh: () => void;
  readonly more: () => void;
}

/** The title under which a channel's conversation is listed, if it is. */
export const titleIn = ({ items }: IndexState, channel: string): string | undefined =>
  items.find(({ id }) => channelOfConversation(id) === channel)?.title;

const pageSize = 30;
const largestPage = 200;
const typingMs = 180;

/**
 * Keeps the list for one client. The wire tells of a conversation only those who are in it, so the list is asked for.
 * `onNews` is called when something happened here that other lists of the same conversations may show.
 */
export const createConversationIndex = (
  client: Pick<Client, "conversations">,
  onNews: () => void = () => {},
): ConversationIndex => {
  const listeners = new Set<() => void>();
  let state: IndexState = { phase: "loading", query: "", items: [] };
  let asked = 0;
  let sign = "";
  let typing: ReturnType<typeof setTimeout> | undefined;

  const change = (next: IndexState): void => {
    state = next;
    for (const listener of listeners) listener();
  };

  const load = async (before?: string): Promise<void> => {
    asked += 1;
    const mine = asked;
    const { items } = state;
    const query = state.query.trim();
    // A refreshed list is as long as it was, so that nothing is taken from under the reader's eyes.
    const limit = before === undefined ? Math.min(largestPage, Math.max(pageSize, items.length)) : pageSize;
    try {
      const page = await client.conversations({
        limit,
        ...(query === "" ? {} : { query }),
        ...(before === undefined ? {} : { before }),
      });
      if (mine !== asked) return;
      const { next } = page;
      const all = before === undefined ? page.conversations : [...items, ...page.conversations];
      change({ phase: "ready", query: state.query, items: all, ...(next === undefined ? {} : { next }) });
    } catch {
      if (mine === asked) change({ ...state, phase: "failed" });
    }
  };

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    search(query) {
      change({ ...state, query });
      clearTimeout(typing);
      typing = setTimeout(() => void load(), typingMs);
    },
    changed(next) {
      if (next === sign) return;
      sign = next;
      void load();
      onNews();
    },
    refresh: () => void load(),
    more() {
      if (state.next !== undefined) void load(state.next);
    },
  };
};
