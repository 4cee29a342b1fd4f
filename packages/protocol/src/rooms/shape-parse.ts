import type { z } from "zod";
import type { Code } from "../codes.ts";
import type { Fields } from "./message-shapes.ts";
import type { RoomCommand } from "./room-command.ts";

/** A command, or which field does not fit and why. */
export type Shaped = { readonly command: RoomCommand } | { readonly misfit: string; readonly code?: Code };

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
/** The members of an object; none of anything else. */
export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});

/** A field that is null counts as absent. */
export const withoutNulls = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));

export const misfit = (path: readonly PropertyKey[], message = "wrong"): string =>
  `Field "${path.map(String).join(".")}": ${message}.`;

/** @param at where the value stands in the payload */
export const shape = <S extends z.ZodType>(
  schema: S,
  value: unknown,
  make: (value: z.output<S>) => RoomCommand | Shaped,
  at: readonly string[] = [],
): Shaped => {
  const result = schema.safeParse(isFields(value) ? withoutNulls(value) : value);
  if (!result.success) {
    const [issue] = result.error.issues;
    return { misfit: misfit([...at, ...(issue?.path ?? [])], issue?.message) };
  }
  const made = make(result.data);
  return "kind" in made ? { command: made } : made;
};
