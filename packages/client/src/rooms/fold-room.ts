import type { TurnView } from "../conversation.ts";
import { withCursor, withTurns } from "../conversation-state.ts";
import { foldProgress, growText } from "../fold-progress.ts";
import { type Fields, type Progress, isFields } from "../read-payload.ts";
import { hasEnded, indexOfTurn, promoteNext, replaceTurn, stateWhenAccepted } from "../turn-list.ts";
import { foldDecision, foldFunctionCall, foldFunctionResult, rested } from "./fold-function.ts";
import { errorOf, filesOf, momentOf, offsetOf, usageOf, word } from "./read-room.ts";
import { type Asker, type RoomState, changeTurn, linkAnswer, withConversation } from "./room-state.ts";

/** An event whose payload says which turn it is about, and when it came. */
interface Told {
  readonly answerId: string;
  readonly asker: Asker;
  readonly past: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const askerOf = (clientId: unknown, user: unknown): Asker => ({
  ...(typeof clientId === "string" && { clientId }),
  ...(typeof user === "string" && { user }),
});

/** A turn that is in line or runs, whichever the others leave to it. */
const accepted = (turn: TurnView, turns: readonly TurnView[]): TurnView => {
  if (turn.state !== "sending" && turn.state !== "refused") return turn;
  const { error: _error, ...rest } = turn;
  return { ...rest, state: stateWhenAccepted(turns, turn.messageId) };
};

const foldUserMessage = (state: RoomState, told: Told, data: Fields): RoomState => {
  const at = momentOf(data["created_timestamp"]);
  const files = filesOf(data["files"]);
  return changeTurn(state, told.answerId, told.asker, told.past, (turn, turns) => ({
    ...accepted(turn, turns),
    prompt: word(data["content"]) ?? "",
    ...(told.asker.user !== undefined && { author: told.asker.user }),
    // Where this page has the files themselves, it keeps them.
    ...(files && { files: turn.files?.length === files.length ? turn.files : files }),
    ...(at !== undefined && { startedAt: at }),
  }));
};

/** Part of an answer that was stored before it ended. */
const foldPart = (state: RoomState, told: Told, offset: number, content: string): RoomState =>
  changeTurn(state, told.answerId, told.asker, told.past, (turn) => {
    const known = turn.text.slice(offset, offset + content.length) === content;
    return known || offset > turn.text.length
      ? turn
      : { ...turn, text: growText(turn.text, offset, content) };
  });

const ends: Readonly<Record<string, TurnView["state"]>> = {
  stop: "completed",
  cancelled: "cancelled",
  error: "failed",
};

const foldAnswer = (state: RoomState, told: Told, data: Fields): RoomState => {
  const content = word(data["content"]) ?? "";
  const reason = data["stop_reason"];
  const offset = offsetOf(data["offset"]);
  if (reason === null && offset !== undefined) return foldPart(state, told, offset, content);
  const end = ends[word(reason) ?? "stop"] ?? "completed";
  const at = momentOf(data["created_timestamp"]);
  const usage = usageOf(data["token_usage"]);
  const model = word(data["model_id"]);
  const ms = data["duration_ms"];
  const told_ = changeTurn(state, told.answerId, told.asker, told.past, (turn) => ({
    ...turn,
    ...(usage && { usage }),
    ...(model !== undefined && { model }),
    ...(typeof ms === "number" && { workMs: ms }),
  }));
  const { state: linked, messageId } = linkAnswer(told_, told.answerId);
  const { turns } = linked.conversation.view;
  const there = turns[indexOfTurn(turns, messageId)];
  const error = end === "failed" ? (there?.error ?? errorOf(data["code"], undefined)) : undefined;
  // History tells a long answer in parts, and then its end without any text.
  const whole = told.past && content === "" ? there?.text : content;
  const progress: Progress = {
    status: error ? "error" : end === "cancelled" ? "cancelled" : "completed",
    messageId,
    cancelled: end === "cancelled",
    ...(whole !== undefined && !error && { message: whole }),
    ...(at !== undefined && { at }),
    ...(error && { error }),
  };
  const conversation = foldProgress(linked.conversation, progress);
  if (error === undefined || whole === undefined) return withConversation(linked, conversation);
  const after = conversation.view.turns;
  const index = indexOfTurn(after, messageId);
  const failed = after[index];
  if (failed === undefined) return withConversation(linked, conversation);
  const next = withTurns(conversation, replaceTurn(after, index, { ...failed, text: whole }));
  return withConversation(linked, next);
};

/** A turn runs. Who comes while it waits, or stands in line, is told the same. */
const foldStart = (state: RoomState, told: Told, payload: Fields): RoomState =>
  changeTurn(state, told.answerId, told.asker, told.past, (turn, turns) => {
    if (hasEnded(turn.state)) return turn;
    const ranAt = momentOf(payload["started_at"]) ?? (turn.state === "queued" ? told.now : turn.ranAt);
    const started = { ...turn, state: stateWhenAccepted(turns, turn.messageId) };
    return rested(ranAt === undefined ? started : { ...started, ranAt });
  });

const foldFailure = (state: RoomState, told: Told, payload: Fields): RoomState => {
  const { state: linked, messageId } = linkAnswer(state, told.answerId, told.asker);
  const error = errorOf(payload["code"], payload["error"], payload["retry"]);
  const progress: Progress = { status: "error", messageId, cancelled: false, error, at: told.now };
  return withConversation(linked, foldProgress(linked.conversation, progress));
};

/** A piece of a growing answer, as the fold of progress takes it; undefined when it is not one. */
export const readChunk = (state: RoomState, payload: unknown): Progress | undefined => {
  if (!isFields(payload) || typeof payload["message_id"] !== "string") return undefined;
  const delta = word(payload["content"]);
  const offset = offsetOf(payload["offset"]);
  if (delta === undefined || (delta === "" && payload["reset"] !== true)) return undefined;
  const messageId = state.answers.get(payload["message_id"]) ?? payload["message_id"];
  return {
    status: "in_progress",
    messageId,
    delta,
    cancelled: false,
    ...(offset !== undefined && { offset }),
  };
};

const foldChunk = (state: RoomState, payload: Fields): RoomState => {
  const progress = readChunk(state, payload);
  if (progress === undefined) return state;
  const { state: linked } = linkAnswer(state, word(payload["message_id"]) ?? "");
  return withConversation(linked, foldProgress(linked.conversation, progress));
};

/** What the model thought, a piece at a time; told again it changes nothing. */
const foldReasoning = (state: RoomState, told: Told, content: string): RoomState =>
  changeTurn(state, told.answerId, told.asker, told.past, (turn) =>
    turn.reasoning?.endsWith(content) === true
      ? turn
      : { ...turn, reasoning: (turn.reasoning ?? "") + content },
  );

const foldMessage = (state: RoomState, payload: Fields, now: number): RoomState => {
  const data = payload["data"];
  if (!isFields(data)) return state;
  const past = payload["past"] === true;
  const told = (answerId: unknown, asker: Asker = {}): Told | undefined =>
    typeof answerId === "string" ? { answerId, asker, past, now } : undefined;
  const asker = askerOf(data["client_message_id"], data["user_id"]);
  switch (payload["type"]) {
    case "sbaw.text_message.user": {
      const user = told(data["message_id"], askerOf(data["id"], data["user_id"]));
      return user && typeof data["id"] === "string" ? foldUserMessage(state, user, data) : state;
    }
    case "sbaw.text_message.assistant": {
      const answer = told(data["id"], asker);
      return answer ? foldAnswer(state, answer, data) : state;
    }
    case "sbaw.reasoning": {
      const thought = told(data["message_id"]);
      return thought ? foldReasoning(state, thought, word(data["content"]) ?? "") : state;
    }
    case "sbaw.function_call":
      return foldFunctionCall(state, data, past);
    case "sbaw.function_result":
      return foldFunctionResult(state, data);
    default:
      return state;
  }
};

const foldTurnEvent = (state: RoomState, event: string, payload: Fields, now: number): RoomState => {
  const { message_id: answerId } = payload;
  if (typeof answerId !== "string") return state;
  const asker = askerOf(payload["client_message_id"], payload["user_id"]);
  const told: Told = { answerId, asker, past: false, now };
  switch (event) {
    case "turn_queued":
      return changeTurn(state, answerId, asker, false, accepted);
    case "stream_start":
      return foldStart(state, told, payload);
    case "stream_error":
      return foldFailure(state, told, payload);
    default:
      return state;
  }
};

/**
 * Takes one event of a room into account; `event` is its name without the room's id. What means nothing here changes
 * nothing. Pure; turns that the event is not about stay the same objects.
 *
 * @param now milliseconds since the epoch
 */
export const foldRoom = (state: RoomState, event: string, payload: unknown, now: number): RoomState => {
  if (!isFields(payload)) return state;
  const next =
    event === "stream_chunk"
      ? foldChunk(state, payload)
      : event === "receive_message"
        ? foldMessage(state, payload, now)
        : event === "function_decided"
          ? foldDecision(state, payload)
          : foldTurnEvent(state, event, payload, now);
  return withConversation(next, withCursor(next.conversation, word(payload["cursor"])));
};

/** A turn that was asked here and has been accepted. One that was told of already under another name stays that one. */
export const foldSent = (state: RoomState, messageId: string, answerId: string, now: number): RoomState => {
  const known = state.answers.get(answerId);
  // Its turn may have begun before the acknowledgement was here.
  if (known === undefined || known === messageId || known === answerId)
    return changeTurn(state, answerId, { clientId: messageId }, false, (turn, turns) =>
      accepted(turn.startedAt === undefined ? { ...turn, startedAt: now } : turn, turns),
    );
  const { turns } = state.conversation.view;
  const rest = turns.filter((turn) => turn.messageId !== messageId || turn.state !== "sending");
  return withConversation(state, withTurns(state.conversation, promoteNext(rest)));
};
