import { codes, type Code } from "../codes.ts";
import { wireLimits } from "../limits.ts";
import * as schemas from "./command-parse.ts";
import type { Fields } from "./message-shapes.ts";
import { shapeEvent, shapeMessage } from "./message-parse.ts";
import { isPlainJson } from "./plain-json.ts";
import type { RoomCommand } from "./room-command.ts";
import { fieldsOf, shape, type Shaped } from "./shape-parse.ts";

export { isPlainJson } from "./plain-json.ts";

/** An event that was understood, or why it was not. Whatever is refused is told under `refusedUnder`. */
export type ParsedRoomEvent =
  | { readonly ok: true; readonly command: RoomCommand; readonly refusedUnder: string }
  | { readonly ok: false; readonly code: Code; readonly message: string; readonly refusedUnder: string };

const contentOf = (value: unknown): string | undefined => {
  const content = typeof value === "string" ? value : JSON.stringify(value);
  return content.length <= wireLimits.softFrameBytes ? content.toWellFormed() : undefined;
};

/** `null` is a result like any other, so it is looked at before nulls are left out. */
const shapeSettled = (payload: Fields, outcome: "result" | "error"): Shaped => {
  if (payload[outcome] === undefined) return { misfit: `Field "${outcome}": missing.` };
  if (!isPlainJson(payload[outcome]))
    return { misfit: `Field "${outcome}": holds bytes, or is nested too deeply.` };
  const content = contentOf(payload[outcome]);
  if (content === undefined) return { misfit: `Field "${outcome}": too large.`, code: "frame_too_large" };
  return shape(schemas.settled, payload, ({ room_id: roomId, call_id: callId }) => ({
    kind: "settle",
    roomId,
    callId,
    outcome,
    content,
  }));
};

const shapeDecision = (payload: Fields, verdict: "granted" | "denied"): Shaped =>
  shape(schemas.decision, payload, ({ room_id: roomId, call_id: callId, ...rest }) => ({
    kind: "decide",
    roomId,
    callId,
    verdict,
    ...rest,
  }));

const shapeInvite = (payload: Fields): Shaped => {
  // Putting somebody out must be said, so that a forgotten field does not do it.
  if (payload["role"] === undefined) return { misfit: 'Field "role": missing.' };
  return shape(schemas.invite, payload, ({ room_id: roomId, user_id: user, ...rest }) => ({
    kind: "invite",
    roomId,
    user,
    ...rest,
  }));
};

const shapeCommand = (name: string, payload: Fields): Shaped => {
  switch (name) {
    case "find_chat":
      return shape(schemas.findChat, payload, ({ chat_id: chatId }) => ({ kind: "find", chatId }));
    case "create_room":
      return shape(schemas.createRoom, payload, (room) => ({
        kind: "create",
        chatId: room.chat_id,
        source: room.model_api_source,
        model: room.model_id,
      }));
    case "join_room":
      return shape(schemas.joinRoom, payload, ({ room_id: roomId, ...place }) => ({
        kind: "join",
        ...(roomId !== undefined && { roomId }),
        ...place,
      }));
    case "leave_room":
      return shape(schemas.leaveRoom, payload, ({ room_id: roomId }) => ({ kind: "leave", roomId }));
    case "history":
      return shape(schemas.history, payload, ({ room_id: roomId, ...page }) => ({
        kind: "history",
        roomId,
        ...page,
      }));
    case "file":
      return shape(schemas.oneFile, payload, ({ room_id: roomId, message_id: messageId, index }) => ({
        kind: "file",
        roomId,
        messageId,
        index,
      }));
    case "send_message":
      return shapeMessage(payload);
    case "event":
      return shapeEvent(payload);
    case "approve_function":
      return shapeDecision(payload, "granted");
    case "deny_function":
      return shapeDecision(payload, "denied");
    case "function_result":
      return shapeSettled(payload, "result");
    case "function_error":
      return shapeSettled(payload, "error");
    case "cancel":
      return shape(schemas.cancel, payload, ({ room_id: roomId, message_id: messageId }) => ({
        kind: "cancel",
        roomId,
        ...(messageId !== undefined && { messageId }),
      }));
    case "typing":
      return shape(schemas.typing, payload, ({ room_id: roomId }) => ({ kind: "typing", roomId }));
    case "invite":
      return shapeInvite(payload);
    case "refresh_token":
      return shape(schemas.refreshToken, payload, ({ token }) => ({ kind: "refresh", token }));
    default:
      return { misfit: codes.unknown_action.says, code: "unknown_action" };
  }
};

/** Events whose name carries the room's id. */
const suffixed: ReadonlySet<string> = new Set(["send_message", "function_result", "function_error"]);

type RefusalName = readonly [name: string, id: (payload: Fields) => unknown];

const inRoom: RefusalName = ["error", (payload) => payload["room_id"]];

/** Under what a refusal is told, and which id of the payload stands in that name. */
const refusals = new Map<string, RefusalName>([
  ["find_chat", ["room_error", (payload) => payload["chat_id"]]],
  ["create_room", ["room_error", (payload) => payload["chat_id"]]],
  ["join_room", ["room_join_error", (payload) => payload["room_id"]]],
  ["send_message", ["message_error", (payload) => fieldsOf(payload["message"])["id"]]],
  ["event", ["event_error", (payload) => fieldsOf(payload["event"])["id"]]],
  ["leave_room", inRoom],
  ["history", inRoom],
  ["file", inRoom],
  ["cancel", inRoom],
  ["typing", inRoom],
  ["invite", inRoom],
  ["approve_function", inRoom],
  ["deny_function", inRoom],
  ["function_result", inRoom],
  ["function_error", inRoom],
]);

const refusedUnder = (name: string, payload: Fields): string => {
  const [head, idOf] = refusals.get(name) ?? [];
  const id = idOf?.(payload);
  const said = typeof id === "number" ? String(id) : id;
  const readable = typeof said === "string" && said !== "" && said.length <= wireLimits.promptId;
  return readable ? `${head} ${said.toWellFormed()}` : "room_error";
};

/**
 * Understands one event of a client. Never throws, whatever it is given; texts and ids come out well-formed.
 *
 * @param event its name, where the room's id may stand after a space
 * @example parseRoomEvent("find_chat", { chat_id: "8f3…" })
 */
export const parseRoomEvent = (event: unknown, payload: unknown): ParsedRoomEvent => {
  const [, head = "", tail = ""] = typeof event === "string" ? (/^(\S*)(?: (.*))?$/s.exec(event) ?? []) : [];
  const named = tail !== "" && suffixed.has(head);
  const name = named || tail === "" ? head : "";
  const known = fieldsOf(payload);
  const fields = named ? { ...known, room_id: known["room_id"] ?? tail } : known;
  const under = refusedUnder(name, fields);
  const shaped = shapeCommand(name, fields);
  if ("command" in shaped) return { ok: true, command: shaped.command, refusedUnder: under };
  const { misfit: message, code = "bad_frame" } = shaped;
  return { ok: false, code, message, refusedUnder: under };
};
