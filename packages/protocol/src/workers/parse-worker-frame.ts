import { codes, type Code } from "../codes.ts";
import { isOffset, readFields, readId, type Fields } from "./read-fields.ts";
import { workerLimits, type PromptWordFrame, type RegisterFrame, type WorkerFrame } from "./shapes.ts";

/** A frame that was understood, or why it was not and the id of what it was about. */
export type ParsedWorkerFrame =
  | { readonly ok: true; readonly frame: WorkerFrame }
  | { readonly ok: false; readonly code: Code; readonly message: string; readonly id?: string };

const refuse = (code: Code, id: string | undefined, message: string = codes[code].says): ParsedWorkerFrame =>
  id === undefined ? { ok: false, code, message } : { ok: false, code, message, id };

const misfit = (fields: Fields, message: string): ParsedWorkerFrame =>
  refuse("bad_frame", readId(fields["id"]), message);

/** Letters and digits of any script, then also spaces and `. _ -`: names stand in notes, on screens and in patterns. */
const nameShape = /^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._-]*$/u;

const isName = (value: unknown): value is string =>
  typeof value === "string" && value.length <= workerLimits.name && nameShape.test(value);

const isCount = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= workerLimits.concurrency;

const readIds = (value: unknown): readonly string[] | undefined => {
  if (!Array.isArray(value) || value.length > workerLimits.inHand) return undefined;
  const ids = value.map(readId).filter((id) => id !== undefined);
  return ids.length === value.length ? ids : undefined;
};

const parseRegister = (fields: Fields): ParsedWorkerFrame => {
  const { name, about, concurrency, in_hand: inHand } = fields;
  if (!isName(name)) {
    return misfit(
      fields,
      `"name" must be 1 to ${workerLimits.name} letters, digits, spaces or . _ - and begin with a letter or digit.`,
    );
  }
  if (about !== undefined && (typeof about !== "string" || about.length > workerLimits.about))
    return misfit(fields, `"about" must be text of at most ${workerLimits.about} characters.`);
  if (concurrency !== undefined && !isCount(concurrency))
    return misfit(fields, `"concurrency" must be a whole number from 1 to ${workerLimits.concurrency}.`);
  const ids = inHand === undefined ? undefined : readIds(inHand);
  if (inHand !== undefined && ids === undefined)
    return misfit(fields, `"in_hand" must be a list of at most ${workerLimits.inHand} ids.`);
  const frame: RegisterFrame = {
    type: "register",
    name,
    ...(about !== undefined && { about: about.toWellFormed() }),
    ...(concurrency !== undefined && { concurrency }),
    ...(ids && { in_hand: ids }),
  };
  return { ok: true, frame };
};

const parseAuthenticate = (fields: Fields): ParsedWorkerFrame => {
  const { token } = fields;
  if (typeof token !== "string" || token === "" || token.length > workerLimits.token)
    return misfit(fields, '"token" must be text.');
  const id = readId(fields["id"]);
  return { ok: true, frame: { type: "authenticate", token, ...(id !== undefined && { id }) } };
};

const isWordType = (type: unknown): type is PromptWordFrame["type"] =>
  type === "delta" || type === "final" || type === "claim" || type === "decline";

const parseWord = (type: PromptWordFrame["type"], fields: Fields): ParsedWorkerFrame => {
  const { text, offset, failed } = fields;
  const id = readId(fields["id"]);
  if (id === undefined)
    return refuse("bad_frame", undefined, `"id" must be text of 1 to ${workerLimits.id} characters.`);
  switch (type) {
    case "delta":
      if (typeof text !== "string") return misfit(fields, '"text" must be text.');
      if (!isOffset(offset)) return misfit(fields, '"offset" must be a whole number from 0.');
      return { ok: true, frame: { type, id, offset, text } };
    case "final":
      if (text === undefined) return { ok: true, frame: { type, id } };
      if (typeof text !== "string") return misfit(fields, '"text" must be text.');
      return { ok: true, frame: { type, id, text } };
    case "claim":
      return { ok: true, frame: { type, id } };
    case "decline":
      return { ok: true, frame: { type, id, ...(failed === true && { failed }) } };
  }
};

/**
 * Understands one text frame of a worker. Never throws, whatever it is given. Names and ids come out well-formed; pieces of
 * an answer are left as they are, for a character may be cut between two of them.
 *
 * @example parseWorkerFrame('{"type":"delta","id":"p","offset":0,"text":"Hel"}')
 */
export const parseWorkerFrame = (source: string): ParsedWorkerFrame => {
  const fields = readFields(source);
  if (fields === "bad_json") return refuse(fields, undefined);
  if (fields === "bad_frame") return refuse(fields, undefined, "A frame is a JSON object.");
  const { type } = fields;
  // The most frequent first.
  if (isWordType(type)) return parseWord(type, fields);
  if (type === "ping") return { ok: true, frame: { type } };
  if (type === "register") return parseRegister(fields);
  if (type === "authenticate") return parseAuthenticate(fields);
  return refuse("unknown_action", readId(fields["id"]));
};
