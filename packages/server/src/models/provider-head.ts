import type { Refusal } from "./provider-fault.ts";
import { retryAfterMs } from "./retry-after.ts";

/** How an answer of a provider begins. */
export interface Head {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

const headerOf = (head: Head, name: string): string | undefined => {
  const value = head.headers[name];
  return Array.isArray(value) ? value[0] : value;
};

const eventFields = ["data:", "event:", "id:", "retry:", ":"];

/**
 * Whether a body that begins so is an event stream. Servers and proxies mislabel both ways, so the first bytes count
 * for more than the content type. No bytes at all: the content type decides.
 */
export const looksLikeEvents = (head: Head, bytes: Buffer): boolean => {
  if ((headerOf(head, "content-encoding") ?? "identity") !== "identity") return false;
  const start = bytes
    .subarray(0, 32)
    .toString("utf8")
    .replace(/^[\uFEFF\s]+/, "");
  if (/^[<{[]/.test(start)) return false;
  if (/event-stream/i.test(headerOf(head, "content-type") ?? "")) return true;
  return start !== "" && eventFields.some((field) => start.startsWith(field) || field.startsWith(start));
};

/** @param now milliseconds since the epoch */
export const refusalOf = (head: Head, pieces: readonly Buffer[], now: number): Refusal => ({
  status: head.status,
  contentType: headerOf(head, "content-type") ?? "",
  body: Buffer.concat(pieces)
    .subarray(0, 16 * 1024)
    .toString("utf8"),
  retryAfterMs: retryAfterMs((name) => headerOf(head, name), now),
});
