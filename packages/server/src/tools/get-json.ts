import type { Dispatcher } from "undici";
import { request } from "undici";
import { acceptEncoding, readBody } from "./read-body.ts";

const maxBytes = 256 * 1024;

/** An answer that was none, as far as a caller can tell one from the other. */
export type JsonAnswer =
  | { readonly ok: true; readonly body: unknown }
  | { readonly ok: false; readonly status: number };

/**
 * Asks a service that the operator chose. Follows no redirects.
 *
 * @throws whatever the network did, and SyntaxError for what is no JSON
 */
export const getJson = async (url: URL, signal: AbortSignal): Promise<JsonAnswer> => {
  const response: Dispatcher.ResponseData = await request(url, {
    signal,
    headers: { accept: "application/json", "accept-encoding": acceptEncoding },
  });
  const encoding = response.headers["content-encoding"] ?? "";
  const { bytes, cut } = await readBody(response.body, Array.isArray(encoding) ? "" : encoding, maxBytes);
  if (response.statusCode !== 200) return { ok: false, status: response.statusCode };
  if (cut) throw new SyntaxError("an answer that is too long");
  return { ok: true, body: JSON.parse(bytes.toString("utf8")) };
};
