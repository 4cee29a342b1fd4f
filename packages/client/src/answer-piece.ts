import { isCode, type Code } from "@colloquy/protocol";
import { type Fields, isFields } from "./read-payload.ts";

/** What an assistant says, piece by piece, in no provider's words. */
export type AnswerPiece =
  | { readonly type: "text"; readonly text: string }
  /** A tool runs; `message` is its own progress line. */
  | { readonly type: "tool"; readonly name: string; readonly message?: string }
  /** It is over, and not well. `detail` may be read by anyone on the channel. */
  | { readonly type: "error"; readonly code: Code; readonly detail?: string };

const fields = (value: unknown): Fields => (isFields(value) ? value : {});
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const word = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

const textPiece = (text: unknown): AnswerPiece[] =>
  word(text) === undefined ? [] : [{ type: "text", text: String(text) }];
const toolPiece = (name: unknown): AnswerPiece[] =>
  word(name) === undefined ? [] : [{ type: "tool", name: String(name) }];

/** A provider's own error: only its code is told, for its sentence may hold what is not for everybody. */
const errorPiece = (error: unknown): AnswerPiece => {
  const detail = word(fields(error)["code"]) ?? word(fields(error)["type"]);
  const code =
    detail === "rate_limit_exceeded" || detail === "server_overloaded" ? "provider_busy" : "provider_failed";
  return { type: "error", code, ...(detail !== undefined && { detail }) };
};

const filtered: AnswerPiece = { type: "error", code: "provider_filtered" };

/** `chat.completion.chunk`; of several choices only the first is read. */
const chatPieces = (chunk: Fields): AnswerPiece[] => {
  const choice = fields(list(chunk["choices"]).find((one) => (fields(one)["index"] ?? 0) === 0));
  const delta = fields(choice["delta"]);
  const tools = list(delta["tool_calls"]).flatMap((call) =>
    toolPiece(fields(fields(call)["function"])["name"]),
  );
  const end = choice["finish_reason"] === "content_filter" ? [filtered] : [];
  return [...textPiece(delta["content"] ?? delta["refusal"]), ...tools, ...end];
};

/** Events of the Responses stream. */
const responsePieces = (type: string, event: Fields): AnswerPiece[] => {
  const item = fields(event["item"]);
  const response = fields(event["response"]);
  switch (type) {
    case "response.output_text.delta":
    case "response.refusal.delta":
      return textPiece(event["delta"]);
    case "response.output_item.added": {
      const kind = word(item["type"]) ?? "";
      return kind.endsWith("_call") ? toolPiece(item["name"] ?? kind.slice(0, -"_call".length)) : [];
    }
    case "response.failed":
      return [errorPiece(response["error"])];
    case "response.incomplete":
      return fields(response["incomplete_details"])["reason"] === "content_filter" ? [filtered] : [];
    default:
      return [];
  }
};

/** Events of the Assistants stream. */
const assistantPieces = (event: string, data: Fields): AnswerPiece[] => {
  switch (event) {
    case "thread.message.delta":
      return list(fields(data["delta"])["content"]).flatMap((part) =>
        textPiece(fields(fields(part)["text"])["value"]),
      );
    case "thread.run.step.delta": {
      const calls = list(fields(fields(data["delta"])["step_details"])["tool_calls"]);
      return calls.flatMap((call) => toolPiece(fields(fields(call)["function"])["name"]));
    }
    case "thread.run.failed":
      return [errorPiece(data["last_error"])];
    case "thread.run.expired":
      return [{ type: "error", code: "turn_timeout" }];
    case "thread.run.cancelled":
      return [{ type: "error", code: "cancelled" }];
    case "error":
      return [errorPiece(data)];
    default:
      return [];
  }
};

const ownPieces = (type: string, event: Fields): AnswerPiece[] => {
  if (type === "text") return textPiece(event["text"]);
  if (type === "tool") {
    const message = word(event["message"]);
    return toolPiece(event["name"]).map((piece) => ({ ...piece, ...(message !== undefined && { message }) }));
  }
  if (type !== "error") return [];
  const code = word(event["code"]);
  if (code === undefined || !isCode(code)) return [errorPiece(event["error"] ?? event)];
  const detail = word(event["detail"]);
  return [{ type: "error", code, ...(detail !== undefined && { detail }) }];
};

/**
 * What one item of an assistant's stream says: a string is text; else one of our own pieces, or a chunk of an OpenAI Chat
 * Completions, Responses or Assistants stream. What is not understood says nothing.
 */
export const readAnswerPieces = (item: unknown): readonly AnswerPiece[] => {
  if (typeof item === "string") return textPiece(item);
  if (!isFields(item)) return [];
  const event = word(item["event"]);
  if (event !== undefined) return assistantPieces(event, fields(item["data"]));
  const type = word(item["type"]);
  if (type?.startsWith("response.") === true) return responsePieces(type, item);
  if (type !== undefined) return ownPieces(type, item);
  if (isFields(item["error"])) return [errorPiece(item["error"])];
  return Array.isArray(item["choices"]) ? chatPieces(item) : [];
};
