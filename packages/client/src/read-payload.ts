import { type Code, type Entry, codes, isCode } from "@colloquy/protocol";
import type { Status } from "@colloquy/protocol/channels";
import type { TurnError } from "./conversation.ts";

/**
 * Guards for what comes over the wire. They look only at what is used, so that payloads of hubs and publishers that say
 * more, or less, still fit.
 */
export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const statuses: ReadonlySet<string> = new Set<Status>([
  "started",
  "processing",
  "responding",
  "in_progress",
  "waiting",
  "completed",
  "cancelled",
  "error",
]);

/** Progress of a turn, as far as it could be read. */
export interface Progress {
  readonly status: Status;
  readonly messageId: string;
  readonly message?: string;
  readonly delta?: string;
  readonly offset?: number;
  /** Milliseconds since the epoch. */
  readonly at?: number;
  readonly cancelled: boolean;
  readonly error?: TurnError;
  /** The tool call that it is about. */
  readonly call?: {
    readonly id: string;
    readonly name: string;
    readonly arguments: string;
    readonly until?: number;
  };
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** JSON text, whether the wire says it as such or as the value itself. */
export const jsonText = (value: unknown): string =>
  typeof value === "string" ? value : (JSON.stringify(value) ?? "");

const readCall = (value: unknown): Progress["call"] => {
  if (!isFields(value) || typeof value["id"] !== "string") return undefined;
  const { id, until } = value;
  const said = { id, name: text(value["name"]) ?? "", arguments: jsonText(value["arguments"] ?? {}) };
  return typeof until === "number" ? { ...said, until } : said;
};

const isStatus = (value: unknown): value is Status => typeof value === "string" && statuses.has(value);

/** The refusal of a hub: unlike the failure of a turn it belongs to no thread. */
export const readRefusal = (
  payload: unknown,
): { error: TurnError & { code: Code }; messageId?: string; id?: string } | undefined => {
  if (!isFields(payload) || payload["type"] !== "error" || "thread_id" in payload) return undefined;
  const code = text(payload["code"]);
  if (code === undefined) return undefined;
  const known = isCode(code) ? code : "internal";
  const error = {
    code: known,
    message: text(payload["message"]) ?? codes[known].says,
    retry: codes[known].retry,
  };
  const messageId = text(payload["message_id"]);
  const id = text(payload["id"]);
  return { error, ...(messageId !== undefined && { messageId }), ...(id !== undefined && { id }) };
};

/** Why a turn failed: by its `code`, else by the word that `error_details` begins with. */
const readFailure = (payload: Fields): TurnError => {
  const details = text(payload["error_details"]) ?? "";
  const said = text(payload["code"]) ?? details.slice(0, Math.max(0, details.indexOf(":")));
  const code = isCode(said) ? said : payload["type"] === "timeout" ? "turn_timeout" : "internal";
  const retry = typeof payload["retry"] === "boolean" ? payload["retry"] : codes[code].retry;
  return { code, message: text(payload["message"]) ?? codes[code].says, retry };
};

export const readProgress = (payload: unknown): Progress | undefined => {
  if (!isFields(payload)) return undefined;
  const { status, message_id: messageId, timestamp, offset } = payload;
  if (!isStatus(status) || typeof messageId !== "string" || "action" in payload) return undefined;
  const message = text(payload["message"]);
  const delta = text(payload["delta"]);
  const call = readCall(payload["tool_call"]);
  return {
    status,
    messageId,
    ...(message !== undefined && { message }),
    ...(delta !== undefined && { delta }),
    ...(typeof offset === "number" && Number.isSafeInteger(offset) && offset >= 0 && { offset }),
    ...(typeof timestamp === "number" && { at: Math.round(timestamp * 1000) }),
    cancelled: status === "cancelled" || payload["cancelled"] === true,
    ...(status === "error" && { error: readFailure(payload) }),
    ...(call && { call }),
  };
};

const kinds: ReadonlySet<string> = new Set<Entry["kind"]>([
  "prompt",
  "answer",
  "reasoning",
  "tool-call",
  "approval",
  "tool-result",
  "reply",
  "note",
  "turn-end",
]);

const isFile = (value: unknown): boolean =>
  isFields(value) && [value["name"], value["type"], value["data"]].every((word) => typeof word === "string");

const calls: ReadonlySet<string> = new Set<Entry["kind"]>(["tool-call", "approval", "tool-result"]);

/** An entry: its kind is known, and what the kind is named and ordered by is there. */
export const isEntry = (value: unknown): value is Entry => {
  if (!isFields(value) || typeof value["n"] !== "number" || !kinds.has(String(value["kind"]))) return false;
  const speaks = value["kind"] === "answer" || value["kind"] === "reasoning" || value["kind"] === "reply";
  const said = !speaks || typeof value["text"] === "string";
  if (value["kind"] === "reply" && typeof value["model"] !== "string") return false;
  if (calls.has(String(value["kind"])) && typeof value["callId"] !== "string") return false;
  if (value["kind"] === "tool-call" && typeof value["name"] !== "string") return false;
  if (Array.isArray(value["files"]) && !value["files"].every(isFile)) return false;
  if (value["kind"] === "prompt") return typeof value["id"] === "string" && typeof value["text"] === "string";
  return said && (value["kind"] === "note" || typeof value["turn"] === "number");
};
