import type { Attachment } from "../conversation/desk.ts";

/** What may go along with a prompt. Everything travels in one frame of the wire. */
export const attachmentBounds = { files: 4, bytes: 600 * 1024 } as const;

/** What a file field offers to choose. */
export const acceptedTypes =
  "image/png,image/jpeg,image/gif,image/webp,application/pdf,text/*,.md,.csv,.json";

const images: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);
const texts: ReadonlySet<string> = new Set(["application/json", "application/pdf"]);
const endings: Readonly<Record<string, string>> = {
  md: "text/markdown",
  csv: "text/csv",
  json: "application/json",
};

/** The media type of a file, as far as it may go along; undefined when it may not. */
export const typeOf = (file: { readonly name: string; readonly type: string }): string | undefined => {
  const ending = file.name.split(".").at(-1)?.toLowerCase() ?? "";
  const type = file.type === "" ? (endings[ending] ?? "") : file.type;
  return images.has(type) || texts.has(type) || type.startsWith("text/") ? type : undefined;
};

/** A size for people. */
export const fileSize = (bytes: number): string =>
  bytes < 1_000
    ? `${bytes} B`
    : bytes < 1_000_000
      ? `${Math.round(bytes / 1_000)} kB`
      : `${(bytes / 1e6).toFixed(1)} MB`;

const sizeOf = (data: string): number => {
  const padding = data.endsWith("==") ? 2 : data.endsWith("=") ? 1 : 0;
  return Math.floor((data.length * 3) / 4) - padding;
};

/** Bytes that a list of attachments holds. */
export const bytesOf = (files: readonly Attachment[]): number =>
  files.reduce((sum, { data }) => sum + sizeOf(data), 0);

const base64 = (bytes: Uint8Array): string => {
  let text = "";
  for (let i = 0; i < bytes.length; i += 8_192) text += String.fromCharCode(...bytes.subarray(i, i + 8_192));
  return btoa(text);
};

/** As much of a browser's file as is needed. */
export interface Chosen {
  readonly name: string;
  readonly type: string;
  readonly size: number;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** The files that were there with those that fit beside them, and why others were left out. */
export const attach = async (
  there: readonly Attachment[],
  chosen: readonly Chosen[],
): Promise<{ readonly files: readonly Attachment[]; readonly fault?: string }> => {
  let files = there;
  let fault: string | undefined;
  for (const file of chosen) {
    const type = typeOf(file);
    if (type === undefined) fault = `${file.name} cannot be attached: images, PDF and text can.`;
    else if (files.length >= attachmentBounds.files)
      fault = `At most ${attachmentBounds.files} files go along.`;
    else if (bytesOf(files) + file.size > attachmentBounds.bytes)
      fault = `${file.name} is too large: ${fileSize(attachmentBounds.bytes)} in all go along.`;
    else
      files = [...files, { name: file.name, type, data: base64(new Uint8Array(await file.arrayBuffer())) }];
  }
  return { files, ...(fault !== undefined && { fault }) };
};
