import type { CallToolResult, ContentBlock } from "@modelcontextprotocol/client";
import { visible } from "../visible.ts";

/** Base64 says four characters for three bytes. */
const bytesOf = (base64: string): string => `${Math.floor((base64.length * 3) / 4)} bytes`;

const short = (text: string): string => text.slice(0, 300);

const show = (part: ContentBlock): string => {
  switch (part.type) {
    case "text":
      return part.text;
    case "image":
    case "audio":
      return `[${part.type}: ${short(part.mimeType)}, ${bytesOf(part.data)}]`;
    case "resource_link":
      return `[link: ${short(part.name)} ${short(part.uri)}]`;
    case "resource":
      return "text" in part.resource
        ? part.resource.text
        : `[resource: ${short(part.resource.uri)}, ${bytesOf(part.resource.blob)}]`;
  }
};

/** The result as a model reads it: its visible text, and what else there is by name. Cut at `maxChars`. */
export const showMcpResult = (result: CallToolResult, maxChars: number): string => {
  const pieces: string[] = [];
  let left = maxChars;
  for (const part of result.content) {
    const piece = visible(show(part).slice(0, Math.max(0, left)));
    pieces.push(piece);
    left -= piece.length + 1;
    if (left <= 0) break;
  }
  const text = pieces.join("\n");
  return text === "" && result.structuredContent !== undefined
    ? visible(JSON.stringify(result.structuredContent).slice(0, maxChars))
    : text;
};
