import type { Code } from "../codes.ts";

/** The members of a JSON object that came from outside. */
export type Fields = Readonly<Record<string, unknown>>;

/** A datagram that has no meaning here. `why` names the field that does not fit. */
export interface Misfit {
  readonly ok: false;
  readonly code: Extract<Code, "bad_json" | "bad_frame">;
  readonly why: string;
}

export const misfit = (why: string): Misfit => ({ ok: false, code: "bad_frame", why });

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Reads one JSON object. Never throws. */
export const parseFields = (source: string): { readonly ok: true; readonly fields: Fields } | Misfit => {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    return { ok: false, code: "bad_json", why: "json" };
  }
  return isFields(value) ? { ok: true, fields: value } : misfit("object");
};

/** A sender longer than this is cut: it is a name, and goes into notes. */
const maxSender = 128;
const maxId = 256;

/** Who says so, in any form that peers write it; `false` when it has a type that a name cannot have. */
export const readSender = (value: unknown): string | undefined | false => {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value.slice(0, maxSender).toWellFormed();
};

/** Which asking it is about; `false` when that cannot be an id. */
export const readId = (value: unknown): string | undefined | false => {
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" && value !== "" && value.length <= maxId && value;
};
