import { misfit, parseFields, readId, readSender, type Fields, type Misfit } from "./fields.ts";
import type { Reply, Signed } from "./shapes.ts";

/** A reply, or why it is none. */
export type ParsedReply = { readonly ok: true; readonly reply: Reply } | Misfit;

const maxSysbool = 64;

/**
 * Understands a datagram of a model, of either generation. Never throws. What existing peers leave out or write oddly is no
 * fault; what has another type than it can have is.
 *
 * @example parseReply('{"message":"4","sysbool":"True","timestamp":"12:00:00","sender":"Node-5001"}')
 */
export const parseReply = (source: string): ParsedReply => {
  const parsed = parseFields(source);
  return parsed.ok ? shapeReply(parsed.fields) : parsed;
};

const shapeReply = (fields: Fields): ParsedReply => {
  const id = readId(fields["id"]);
  if (id === false) return misfit("id");
  const sender = readSender(fields["sender"]);
  if (sender === false) return misfit("sender");
  const from = {
    ...(sender !== undefined && { sender, ...portOf(sender) }),
    ...(id !== undefined && { id }),
  };
  if (fields["decline"] === true) return { ok: true, reply: { text: "", decline: true, ...from } };
  const text = fields["work_summary"] ?? fields["message"];
  if (typeof text !== "string") return misfit("text");
  const sysbool = readSysbool(fields["sysbool"]);
  if (sysbool === false) return misfit("sysbool");
  const reply = { text: text.toWellFormed(), decline: false, ...from };
  return { ok: true, reply: sysbool === undefined ? reply : { ...reply, sysbool } };
};

/** An odd text is kept as it is. */
const readSysbool = (value: unknown): string | undefined | false => {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "string" && value.slice(0, maxSysbool).toWellFormed();
};

const portOf = (sender: string): { readonly port: number } | undefined => {
  const digits = /-(\d{1,5})$/.exec(sender)?.[1];
  const port = Number(digits);
  return digits !== undefined && port > 0 && port <= 65_535 ? { port } : undefined;
};

/** A datagram under a shared secret, not yet verified; undefined when it is none. */
export const parseSigned = (source: string): Signed | undefined => {
  const parsed = parseFields(source);
  if (!parsed.ok) return undefined;
  const { data, ts, nonce, sig } = parsed.fields;
  if (typeof data !== "string" || typeof ts !== "number" || !Number.isSafeInteger(ts)) return undefined;
  if (typeof nonce !== "string" || !/^[0-9a-f]{32}$/.test(nonce)) return undefined;
  if (typeof sig !== "string" || !/^[0-9a-f]{64}$/.test(sig)) return undefined;
  return { data, ts, nonce, sig };
};
