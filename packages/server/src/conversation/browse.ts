import { wireLimits, type ConversationSummary, type Entry } from "@colloquy/protocol";
import { channelOfConversation } from "@colloquy/protocol/channels";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import type { Store } from "../stores/store.ts";
import type { Conversations } from "./conversations.ts";
import { weightOf } from "./entry-weight.ts";

type HistoryPage = Parameters<Conversations["history"]>[2];
type ListPage = Parameters<Conversations["list"]>[1];

/** Entries that are read at a time: their texts may be long, and most pages are cut by their bytes. */
const slice = 16;
/** Rows of the list that one request looks at; whoever may read few of them goes on with the next request. */
const maxRows = 2_000;

const pageLength = (limit: number): number => Math.max(1, Math.min(limit, wireLimits.historyPage));

/** The newest entries, or those before a number, oldest first: as many as asked for and as fit one frame, at least one. */
export const readHistory = async (
  store: Store,
  conversation: string,
  page: HistoryPage,
): ReturnType<Conversations["history"]> => {
  const wanted = pageLength(page.limit ?? 50);
  let { before } = page;
  let entries: readonly Entry[] = [];
  let bytes = 0;
  while (entries.length < wanted && bytes < wireLimits.softFrameBytes) {
    const count = Math.min(slice, wanted - entries.length);
    const older = await store.readNewest(conversation, count, before, wireLimits.softFrameBytes - bytes);
    for (const entry of older) bytes += weightOf(entry);
    entries = [...older, ...entries];
    before = older[0]?.n;
    if (before === undefined || before <= 1) break;
  }
  return { entries, more: (entries[0]?.n ?? 1) > 1 };
};

/** Conversations that may be read, newest change first. */
export const listConversations = async (
  store: Store,
  { query, before, limit = 30 }: ListPage,
  mayRead: (id: string) => boolean,
): ReturnType<Conversations["list"]> => {
  const length = pageLength(limit);
  const found: ConversationSummary[] = [];
  let after = before === undefined ? undefined : placeAfter(before);
  for (let rows = 0; ; rows += wireLimits.historyPage) {
    const page = await store.list({
      limit: wireLimits.historyPage,
      ...after,
      ...(query !== undefined && { query }),
    });
    for (const summary of page) {
      if (!mayRead(summary.id)) continue;
      found.push({ ...summary, id: channelOfConversation(summary.id) });
      if (found.length === length) return { conversations: found, next: nextOf(summary) };
    }
    const last = page.at(-1);
    if (!last || page.length < wireLimits.historyPage) return { conversations: found };
    if (rows >= maxRows) return { conversations: found, next: nextOf(last) };
    after = { before: last.updatedAt, beforeId: last.id };
  }
};

const nextOf = ({ updatedAt, id }: ConversationSummary): string => `${updatedAt}.${id}`;

/** Where a list is to go on: what an earlier page gave as `next`. */
const placeAfter = (next: string): { before: number; beforeId: string } => {
  const [, before = "", beforeId = ""] = /^(\d{1,15})\.(.*)$/s.exec(next) ?? [];
  if (before === "") throw new ColloquyError("bad_frame", { detail: "before" });
  return { before: Number(before), beforeId };
};
