/** A JSON object whose fields are still to be looked at. */
export interface Fields {
  readonly [name: string]: unknown;
}

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether a text is JSON of an object. */
export const isJsonObject = (text: string): boolean => {
  try {
    return isFields(JSON.parse(text));
  } catch {
    return false;
  }
};
