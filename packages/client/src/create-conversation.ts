import type { Mode } from "@colloquy/protocol/channels";
import type { ClientLog, ConversationOptions } from "./client.ts";
import { ClientError } from "./client-error.ts";
import type { Conversation, ConversationView, TurnError } from "./conversation.ts";
import { conversationEvents } from "./conversation-events.ts";
import {
  type ConversationState,
  emptyConversation,
  foldRefused,
  foldSending,
  foldWithdrawn,
  withCursor,
  withError,
  withPhase,
} from "./conversation-state.ts";
import { foldFrame } from "./fold-frame.ts";
import { leavesGap } from "./fold-progress.ts";
import { listeners } from "./listeners.ts";
import { type Fields, isFields, readProgress } from "./read-payload.ts";
import type { Requests } from "./requests.ts";

export interface ConversationParts {
  readonly channel: string;
  readonly options: ConversationOptions;
  readonly id: () => string;
  readonly requests: Requests;
  /** Sends at once if there is a connection; else nothing is lost, for a new connection begins with {@link ConversationSeat.up}. */
  readonly send: (frame: Fields) => void;
  readonly log: (event: ClientLog) => void;
  /** How long to wait before the try of that number, milliseconds. */
  readonly waitMs: (attempt: number) => number;
  /** One holder let go. */
  readonly release: () => void;
}

/** A conversation as the client that owns it sees it. */
export interface ConversationSeat {
  readonly conversation: Conversation;
  /** The connection is there: subscribes where it left off. */
  up(): void;
  down(): void;
  /** The hub answers no questions, so what there is now is all there is. */
  classic(): void;
  subscribed(payload: Fields): void;
  /** A refusal of its subscription; false when the id is another's. */
  refused(id: string | undefined, error: TurnError): boolean;
  frame(frame: Fields): void;
  /** The client or the last holder is done. */
  end(): void;
}

const defaultHistory = 50;
/** What was not refused by the hub: the prompt was taken back, or the client was closed. */
const local: ReadonlySet<string> = new Set(["cancelled", "closed"]);
/** A cursor that fits nowhere, so that all of the present state is told. */
const noPlace = "-";

export const createConversation = (parts: ConversationParts): ConversationSeat => {
  const { channel, requests, log } = parts;
  const history = parts.options.history ?? defaultHistory;
  const mode: Mode = parts.options.mode ?? "delta";
  const changed = listeners<ConversationView>(log);
  const relayed = listeners<unknown>(log);
  let state: ConversationState = emptyConversation("loading");
  let subscription: string | undefined;
  /** The newest entries have been loaded (or are not wanted). */
  let known = history === 0;
  let loading = false;
  let healing = false;
  let refusals = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let ended = false;
  let paging: Promise<boolean> | undefined;

  const put = (next: ConversationState): void => {
    const before = state;
    state = next;
    if (before.view !== next.view) changed.tell(next.view);
  };

  const subscribe = (cursor = state.cursor): void => {
    clearTimeout(retry);
    subscription = parts.id();
    parts.send({
      channel: "subscription",
      payload: {
        action: "subscribe",
        channel,
        id: subscription,
        mode,
        ...(cursor !== undefined && { cursor }),
      },
    });
  };

  /** Asks for the present state, once a connection: a hub that leaves gaps again will not be cured by asking. */
  const heal = (messageId: string): void => {
    healing = true;
    log({ event: "gap", channel, messageId });
    subscribe(noPlace);
  };

  const loadPage = async (limit: number, before?: number): Promise<void> => {
    const payload = { action: "history", limit, ...(before !== undefined && { before }) };
    const answer = await requests.ask({ channel, payload });
    put(foldFrame(state, answer));
  };

  const loadNewest = async (): Promise<void> => {
    if (loading) return;
    loading = true;
    try {
      await loadPage(history);
      known = true;
      put(withError(withPhase(state, "live"), undefined));
    } catch (error) {
      if (!(error instanceof ClientError) || error.code === "closed") return;
      put(
        withError(withPhase(state, "live"), { code: error.code, message: error.message, retry: error.retry }),
      );
    } finally {
      loading = false;
    }
  };

  const decide = (payload: Fields): Promise<Fields> =>
    requests.ask({ channel, payload, heardBefore: "already_decided" });

  const conversation: Conversation = {
    channel,
    view: () => state.view,
    subscribe: (listener) => changed.add(listener),
    events: (signal) =>
      conversationEvents(
        {
          view: () => state.view,
          subscribe: (listener) => changed.add(listener),
          onRelay: (listener) => relayed.add(listener),
          closed: () => ended,
        },
        signal,
      ),
    async prompt(text, options = {}) {
      const messageId = options.messageId ?? parts.id();
      const { assistant } = options;
      put(foldSending(state, { messageId, text }));
      const prompt = { message: text, message_id: messageId };
      try {
        const answer = await requests.ask({
          channel,
          messageId,
          payload: { action: "prompt", ...prompt, ...(assistant !== undefined && { assistant }) },
          classic: prompt,
        });
        put(foldFrame(state, { action: "accepted", message_id: messageId }));
        const { cursor } = answer;
        return { messageId, cursor: typeof cursor === "string" ? cursor : "" };
      } catch (error) {
        if (error instanceof ClientError && !local.has(error.code)) {
          put(
            foldRefused(state, messageId, { code: error.code, message: error.message, retry: error.retry }),
          );
        }
        throw error;
      }
    },
    async cancel(messageId) {
      if (messageId !== undefined && requests.withdraw(channel, messageId)) {
        put(foldWithdrawn(state, messageId));
        return;
      }
      const payload = { action: "cancel", ...(messageId !== undefined && { message_id: messageId }) };
      await requests.ask({ channel, payload, heardBefore: "no_such_turn" });
    },
    async approve(callId) {
      await decide({ action: "approve", tool_call_id: callId });
    },
    async deny(callId, reason) {
      await decide({ action: "deny", tool_call_id: callId, ...(reason !== undefined && { reason }) });
    },
    older(limit = defaultHistory) {
      if (!state.view.more) return Promise.resolve(false);
      paging ??= loadPage(limit, state.oldest)
        .then(() => state.view.more)
        .finally(() => {
          paging = undefined;
        });
      return paging;
    },
    close: () => parts.release(),
  };

  return {
    conversation,
    up() {
      healing = false;
      subscribe();
    },
    down() {
      clearTimeout(retry);
      if (state.view.phase === "live") put(withPhase(state, "stale"));
    },
    classic() {
      put(withPhase(state, "live"));
    },
    subscribed(payload) {
      const { id, cursor } = payload;
      // Without an id: relayed frames were lost on the way, and the newest of each follow.
      if (id === undefined && typeof cursor === "string") put(withCursor(state, cursor));
      if (id !== subscription) return;
      refusals = 0;
      if (payload["recovered"] === false && state.entries.size > 0) known = history === 0;
      const next = withError(foldFrame(state, payload), undefined);
      put(withPhase(next, known ? "live" : "loading"));
      if (!known) void loadNewest();
    },
    refused(id, error) {
      if (id === undefined || id !== subscription) return false;
      put(withError(state, error));
      refusals += 1;
      if (error.retry) retry = setTimeout(() => subscribe(), parts.waitMs(refusals));
      return true;
    },
    frame(frame) {
      const payload = frame["payload"] ?? frame;
      const progress = readProgress(payload);
      const relay = typeof frame["cursor"] === "string";
      const hubs =
        isFields(payload) &&
        ("action" in payload || payload["type"] === "entry" || payload["type"] === "error");
      if (progress !== undefined) {
        requests.acknowledge(channel, progress.messageId);
        if (leavesGap(state, progress) && !healing) heal(progress.messageId);
      } else if (typeof frame["message_id"] === "string") {
        // Its own prompt, handed on by a hub that does not answer it.
        requests.acknowledge(channel, frame["message_id"]);
      }
      // What was only relayed is never taken for an entry or an answer of the hub.
      const folded = relay && hubs && progress === undefined ? state : foldFrame(state, payload);
      if (progress === undefined && folded === state && (relay || !hubs)) relayed.tell(payload);
      const next = relay ? withCursor(folded, String(frame["cursor"])) : folded;
      put(next);
    },
    end() {
      ended = true;
      clearTimeout(retry);
      changed.tell(state.view);
    },
  };
};
