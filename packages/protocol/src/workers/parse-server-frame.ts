import { codes, isCode } from "../codes.ts";
import { isFields, isOffset, readFields, readId, type Fields } from "./read-fields.ts";
import type { ServerFrame, WorkerMessage } from "./shapes.ts";

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

const isMessage = (value: unknown): value is WorkerMessage =>
  isFields(value) &&
  (value["role"] === "user" || value["role"] === "assistant") &&
  typeof value["text"] === "string";

const isPlace = (value: unknown): value is { readonly id: string; readonly offset: number } =>
  isFields(value) && readId(value["id"]) !== undefined && isOffset(value["offset"]);

const listOf = <T>(value: unknown, fits: (one: unknown) => one is T): readonly T[] =>
  Array.isArray(value) ? value.filter(fits) : [];

const readPrompt = (id: string, fields: Fields): ServerFrame | undefined => {
  const { text, history, conversation, author } = fields;
  const instructions = textOf(fields["instructions"]);
  if (typeof text !== "string") return undefined;
  return {
    type: "prompt",
    id,
    text,
    history: listOf(history, isMessage).map((message) => ({ role: message.role, text: message.text })),
    conversation: textOf(conversation) ?? "",
    author: textOf(author) ?? "",
    ...(instructions !== undefined && { instructions }),
  };
};

const readError = (id: string | undefined, fields: Fields): ServerFrame => {
  const { code, offset } = fields;
  const known = typeof code === "string" && isCode(code) ? code : "internal";
  return {
    type: "error",
    code: known,
    message: textOf(fields["message"]) ?? codes[known].says,
    retry: codes[known].retry,
    ...(id !== undefined && { id }),
    ...(isOffset(offset) && { offset }),
  };
};

const readAuthenticated = (id: string | undefined, fields: Fields): ServerFrame => {
  const { expires_at: expiresAt } = fields;
  return {
    type: "authenticated",
    user: textOf(fields["user"]) ?? "",
    ...(typeof expiresAt === "number" && { expires_at: expiresAt }),
    ...(id !== undefined && { id }),
  };
};

/**
 * Reads one text frame of a server, as a worker does. Never throws. Looks only at what is used, so that a server may say
 * more; undefined for what cannot be read, and for frames of a kind that is not known.
 */
export const parseServerFrame = (source: string): ServerFrame | undefined => {
  const fields = readFields(source);
  if (typeof fields === "string") return undefined;
  const id = readId(fields["id"]);
  switch (fields["type"]) {
    case "prompt":
      return id === undefined ? undefined : readPrompt(id, fields);
    case "stand_down":
    case "stop":
    case "done":
      return id === undefined ? undefined : { type: fields["type"], id };
    case "registered": {
      const inHand = listOf(fields["in_hand"], isPlace).map((one) => ({ id: one.id, offset: one.offset }));
      return { type: "registered", name: textOf(fields["name"]) ?? "", in_hand: inHand };
    }
    case "authenticated":
      return readAuthenticated(id, fields);
    case "pong":
      return { type: "pong" };
    case "error":
      return readError(id, fields);
    default:
      return undefined;
  }
};
