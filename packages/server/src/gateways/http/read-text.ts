import { ColloquyError } from "../../kernel/colloquy-error.ts";

/**
 * The body of a request as text. Read no further than `limit` bytes, whatever its length is said to be, or not said.
 *
 * @throws ColloquyError `frame_too_large`
 */
export const readText = async (body: ReadableStream<Uint8Array> | null, limit: number): Promise<string> => {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const piece of body ?? []) {
    bytes += piece.length;
    if (bytes > limit) throw new ColloquyError("frame_too_large");
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
};
