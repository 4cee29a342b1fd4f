import type { PromptFile } from "@colloquy/protocol";

/** Media types that any model can read, since they are put into the prompt as what they are: text. */
export const textTypes: readonly string[] = [
  "text/*",
  "application/json",
  "application/xml",
  "application/yaml",
  "application/x-yaml",
  "application/toml",
  "application/javascript",
  "application/sql",
];

/** A file as a model can be given it. */
export type FileForModel =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "data"; readonly type: string };

const bare = (type: string): string => (type.split(";", 1)[0] ?? "").trim().toLowerCase();

/** Whether a media type is among patterns such as `image/*`. */
const takesType = (patterns: readonly string[], type: string): boolean => {
  const wanted = bare(type);
  return patterns.some(
    (pattern) => pattern === wanted || (pattern.endsWith("/*") && wanted.startsWith(pattern.slice(0, -1))),
  );
};

const isText = (type: string): boolean =>
  takesType(textTypes, type) || /^application\/[^;]+\+(json|xml)$/.test(bare(type));

/**
 * Text files become text. What the model cannot take becomes a line that says so: a conversation may have a file in its
 * history and go on with a model that cannot see it.
 *
 * @param takes media types that go along as they are
 */
export const fileForModel = (file: PromptFile, takes: readonly string[]): FileForModel => {
  const name = file.name.replaceAll(/["<>\s]+/g, " ").trim() || "unnamed";
  if (isText(file.type)) {
    const text = Buffer.from(file.data, "base64").toString("utf8");
    return { kind: "text", text: `<file name="${name}">\n${text}\n</file>` };
  }
  const type = bare(file.type);
  if (takesType(takes, type)) return { kind: "data", type };
  return {
    kind: "text",
    text: `[A file, "${name}" (${type}), was sent along, but this model cannot take files of that kind.]`,
  };
};
