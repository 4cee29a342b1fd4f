import { z } from "zod";
import type { PromptFile } from "../entry.ts";

const dataUrl = /^data:([^;,]*)(?:;[^;,]*)*?;base64,/;
const base64 = /^[A-Za-z0-9+/]*={0,2}$/;
const unknownType = "application/octet-stream";

const name = z
  .string()
  .min(1)
  .max(256)
  .overwrite((value) => value.toWellFormed());
const type = z
  .string()
  .max(128)
  .overwrite((value) => value.toWellFormed());

const given = z.object({
  name: name.exactOptional(),
  filename: name.exactOptional(),
  type: type.exactOptional(),
  mime_type: type.exactOptional(),
  content: z.string().exactOptional(),
  data: z.string().exactOptional(),
});

const present = (value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null))
    : value;

/** A file under the names that one page or another gives its members; its content comes out as base64. */
export const file = z.preprocess(present, given).transform((found, context): PromptFile => {
  const called = found.name ?? found.filename;
  const sent = found.content ?? found.data;
  if (called === undefined) context.addIssue({ code: "custom", message: "a file needs a name" });
  const [head = "", said = ""] = dataUrl.exec(sent ?? "") ?? [];
  const data = sent?.slice(head.length).replace(/\s+/g, "") ?? "";
  if (data === "" || !base64.test(data)) {
    context.addIssue({ code: "custom", message: "a file's content must be base64 or a data URL" });
  }
  return { name: called ?? "", type: (found.type ?? found.mime_type ?? said) || unknownType, data };
});
