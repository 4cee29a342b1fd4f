import { z } from "zod";
import type { ToolArguments } from "./tool.ts";

/** JSON Schema, as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What came of arguments: what they mean to the tool, or what is wrong with them as a sentence for the model. */
export type CheckedArguments =
  | { readonly ok: true; readonly args: unknown }
  | { readonly ok: false; readonly says: string };

export interface ArgumentCheck {
  /** For the model. */
  readonly schema: JsonSchema;
  check(args: ToolArguments): CheckedArguments;
}

/** Faults that a sentence names; a model that made more will make fewer next time. */
const maxNamed = 5;

/** Whether it is a schema of zod, of whichever copy: a plain JSON Schema has no such key. */
const isZod = (parameters: z.core.$ZodType | JsonSchema): parameters is z.core.$ZodType =>
  "_zod" in parameters;

const sentence = (issues: readonly z.core.$ZodIssue[]): string => {
  const named = issues.slice(0, maxNamed).map(({ path, message }) => {
    const where = path.map(String).join(".");
    return where === "" ? message : `${where}: ${message}`;
  });
  const more = issues.length - named.length;
  return `The arguments do not fit. ${named.join("; ")}${more > 0 ? `; and ${more} more` : ""}.`;
};

const toJsonSchema = (schema: z.core.$ZodType): JsonSchema => {
  // Some providers take no word that they do not know.
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input" });
  return rest;
};

/**
 * Checks arguments by a zod schema or a JSON Schema; both of an object.
 *
 * @throws Error with a sentence for whoever wrote the schema, when it is not of an object or holds what cannot be checked
 */
export const createArgumentCheck = (parameters: z.core.$ZodType | JsonSchema): ArgumentCheck => {
  const typed = isZod(parameters);
  const schema = typed ? toJsonSchema(parameters) : parameters;
  if (schema["type"] !== "object") throw new Error("its parameters must be a schema of an object");
  const checker = typed ? parameters : z.fromJSONSchema(schema);
  return {
    schema,
    check(args) {
      try {
        const parsed = z.safeParse(checker, args);
        return parsed.success
          ? { ok: true, args: parsed.data }
          : { ok: false, says: sentence(parsed.error.issues) };
      } catch {
        // A schema that runs in circles, or one that wants to wait.
        return { ok: false, says: "The arguments could not be checked." };
      }
    },
  };
};
