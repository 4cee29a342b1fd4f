import { workerLimits } from "./shapes.ts";

/** The members of a JSON object that came from outside. */
export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The object that a frame is, or what keeps it from being one. Never throws. */
export const readFields = (source: string): Fields | "bad_json" | "bad_frame" => {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    return "bad_json";
  }
  return isFields(value) ? value : "bad_frame";
};

/** An id as it was sent: it is only ever compared and given back. */
export const readId = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" && value.length <= workerLimits.id && value.isWellFormed()
    ? value
    : undefined;

/** A place in a text. */
export const isOffset = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
