import {
  type ConversationState,
  foldRefused,
  forgetPresent,
  withCursor,
  withMore,
  withTurns,
} from "./conversation-state.ts";
import { foldEntries } from "./fold-entries.ts";
import { foldProgress } from "./fold-progress.ts";
import { type Fields, isEntry, isFields, readProgress, readRefusal } from "./read-payload.ts";
import { indexOfTurn, placeTurn, replaceTurn, stateWhenAccepted } from "./turn-list.ts";

const cursorOf = (payload: Fields): string | undefined =>
  typeof payload["cursor"] === "string" ? payload["cursor"] : undefined;

const foldAccepted = (state: ConversationState, messageId: unknown): ConversationState => {
  const { turns } = state.view;
  const index = typeof messageId === "string" ? indexOfTurn(turns, messageId) : -1;
  const there = turns[index];
  if (there?.state !== "sending") return state;
  const next = { ...there, state: stateWhenAccepted(turns, there.messageId) };
  return withTurns(state, replaceTurn(turns, index, next));
};

const foldAnswer = (state: ConversationState, payload: Fields): ConversationState => {
  switch (payload["action"]) {
    case "subscribed": {
      // What lies before the present is not known until a history answer tells.
      const base = payload["recovered"] === false ? withMore(forgetPresent(state), true) : state;
      return withCursor(base.oldest === undefined ? withMore(base, true) : base, cursorOf(payload));
    }
    case "history": {
      const page = Array.isArray(payload["entries"]) ? payload["entries"].filter(isEntry) : [];
      const least = page.reduce((n, entry) => Math.min(n, entry.n), Infinity);
      const reaches = page.length === 0 || least <= (state.oldest ?? Infinity);
      const next = foldEntries(state, page, true);
      return reaches ? withMore(next, payload["more"] === true) : next;
    }
    case "accepted":
      // Its cursor is the prompt's place, not the reader's.
      return foldAccepted(state, payload["message_id"]);
    default:
      return state;
  }
};

/** A prompt frame of part 1 that was only relayed: `{message, message_id}`. */
const foldRelayedPrompt = (state: ConversationState, payload: Fields): ConversationState => {
  const { message, message_id: messageId } = payload;
  if (typeof message !== "string" || typeof messageId !== "string" || "status" in payload) return state;
  const { turns } = state.view;
  const there = turns[indexOfTurn(turns, messageId)];
  if (there !== undefined) return foldAccepted(state, messageId);
  const turn = { messageId, prompt: message, state: stateWhenAccepted(turns, messageId), text: "" };
  return withTurns(state, placeTurn(turns, turn, false));
};

/**
 * Takes the payload of one frame of a conversation's channel into account: progress, entries, answers, refusals of both
 * parts of the wire; anything else changes nothing. Pure; turns that the frame is not about stay the same objects, and so
 * does the whole state when nothing changed.
 *
 * @example frames.reduce((state, frame) => foldFrame(state, frame.payload), emptyConversation()).view.turns
 */
export const foldFrame = (state: ConversationState, payload: unknown): ConversationState => {
  if (!isFields(payload)) return state;
  const progress = readProgress(payload);
  if (progress !== undefined) {
    const refusal = readRefusal(payload);
    if (refusal !== undefined) return foldRefused(state, progress.messageId, refusal.error);
    // `responding` already names the place after the text that follows it; a cut between the two must not lose that text.
    const cursor = progress.status === "responding" ? undefined : cursorOf(payload);
    return withCursor(foldProgress(state, progress), cursor);
  }
  if (payload["type"] === "entry") {
    if (!isEntry(payload["entry"])) return state;
    const before = state.oldest === undefined && payload["entry"].n > 1 ? withMore(state, true) : state;
    return withCursor(foldEntries(before, [payload["entry"]], false), cursorOf(payload));
  }
  if ("action" in payload) return foldAnswer(state, payload);
  return foldRelayedPrompt(state, payload);
};
