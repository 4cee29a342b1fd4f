import type { LoggedFrame } from "./frame-log.ts";

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const words = (...values: readonly unknown[]): string =>
  values.filter((value) => typeof value === "string").join(" ");

/** An event's name without the id that it ends with, and what kind of message it brings. */
const eventHead = (name: unknown, payload: unknown): string => {
  const [head] = typeof name === "string" && !name.startsWith("ack of ") ? name.split(" ") : [name];
  return words(head, isFields(payload) ? payload["type"] : undefined);
};

/** What a frame is about, in its own word: an action, a status, the name of an event. */
export const frameHead = (text: string): string => {
  const frame = parsed(text);
  // Of an event whose end is left out the name is still there.
  if (frame === undefined) return eventHead(/^\["([^"\\]+)"/.exec(text)?.[1], undefined);
  if (Array.isArray(frame)) return eventHead(frame[0], frame[1]);
  if (!isFields(frame)) return "";
  const payload = frame["payload"];
  if (!isFields(payload)) return words(frame["type"] ?? "prompt");
  const entry = isFields(payload["entry"]) ? payload["entry"]["kind"] : undefined;
  const { action, status, type } = payload;
  return words(action ?? status ?? type, entry);
};

/** A frame over several lines. */
export const prettyFrame = (text: string): string => {
  const frame = parsed(text);
  return frame === undefined ? text : JSON.stringify(frame, null, 2);
};

/** A frame as a line of a text file. */
export const frameLine = ({ at, wire, direction, text }: LoggedFrame): string =>
  `${new Date(at).toISOString()} ${wire} ${direction === "in" ? "<" : ">"} ${text}`;
