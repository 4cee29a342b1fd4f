import { codes, type Code } from "../codes.ts";
import { wireLimits } from "../limits.ts";
import {
  shapeBarePrompt,
  shapeCommand,
  shapeSubscription,
  type Fields,
  type ShapedFrame,
} from "./command-parse.ts";
import { memberSource } from "./member-source.ts";
import { reservedChannels, type ClientFrame } from "./shapes.ts";

/** A frame that was understood, or why it was not and as much as could be read of what the refusal answers. */
export type ParsedFrame =
  | { readonly ok: true; readonly frame: ClientFrame }
  | ({ readonly ok: false; readonly code: Code; readonly message: string } & Addressee);

/** What an answer is about; what could not be read is absent. */
interface Addressee {
  readonly channel?: string;
  readonly id?: string;
  readonly messageId?: string;
}

/** Deeper values are not relayed: the parsers of some subscribers give up at a few hundred levels. */
const maxDepth = 128;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const readable = (value: unknown, max: number): string | undefined =>
  typeof value === "string" && value.length > 0 && value.length <= max ? value.toWellFormed() : undefined;

const addresseeOf = (name: unknown, fields: Fields): Addressee => {
  const channel = readable(name, wireLimits.channelName);
  const id = readable(fields["id"], wireLimits.promptId);
  const messageId = readable(fields["message_id"], wireLimits.promptId);
  return {
    ...(channel !== undefined && { channel }),
    ...(id !== undefined && { id }),
    ...(messageId !== undefined && { messageId }),
  };
};

const refuse = (code: Code, about: Addressee, message: string = codes[code].says): ParsedFrame => ({
  ok: false,
  code,
  message,
  ...about,
});

const badFrame = (about: Addressee, message: string): ParsedFrame => refuse("bad_frame", about, message);

const settle = (shaped: ShapedFrame, about: Addressee): ParsedFrame =>
  "frame" in shaped ? { ok: true, frame: shaped.frame } : badFrame(about, shaped.misfit);

/** The forms of subscribe and unsubscribe; `fields` holds the channel and the options. */
const parseSubscription = (action: unknown, fields: Fields, old: boolean): ParsedFrame => {
  const about = addresseeOf(fields["channel"], fields);
  if (action !== "subscribe" && action !== "unsubscribe") return refuse("unknown_action", about);
  if (about.channel !== undefined && reservedChannels.has(about.channel))
    return refuse("reserved_channel", about);
  return settle(shapeSubscription(action, fields, old), about);
};

/**
 * The text of a frame's payload, exactly as it was written, to be relayed; undefined when it is nested so deeply that
 * some subscriber's parser would fail on it.
 *
 * @param source JSON text of an object, parsed successfully before
 */
export const payloadSource = (source: string): string | undefined => {
  const member = memberSource(source, "payload");
  return member && member.depth <= maxDepth ? member.source : undefined;
};

const parsePublish = (source: string, channel: string, payload: Fields, old: boolean): ParsedFrame => {
  const about = addresseeOf(channel, payload);
  if (reservedChannels.has(channel)) return refuse("reserved_channel", about);
  const json = payloadSource(source);
  if (json === undefined) return badFrame(about, "That is nested too deeply.");
  const replaceable = about.messageId !== undefined && payload["status"] === "in_progress";
  return { ok: true, frame: { kind: "publish", json, replaceable, old, ...about, channel } };
};

const parseCommand = (channel: string, payload: Fields): ParsedFrame => {
  const { action } = payload;
  const about = addresseeOf(channel, payload);
  const ofConnection = action === "authenticate" || action === "conversations";
  if (action === "authenticate" && channel !== "connection") return refuse("unknown_action", about);
  const shaped = shapeCommand(action, channel, payload);
  if (!shaped) return refuse("unknown_action", about);
  if (reservedChannels.has(channel) && !ofConnection) return refuse("reserved_channel", about);
  return settle(shaped, about);
};

const parseOfChannel = (source: string, frame: Fields): ParsedFrame => {
  const payload = frame["payload"] ?? undefined;
  const about = addresseeOf(frame["channel"], isFields(payload) ? payload : frame);
  const { channel } = about;
  if (channel === undefined) return badFrame(about, '"channel" must be text of 1 to 256 characters.');
  if (payload === undefined) {
    if (frame["message"] === undefined) return badFrame(about, "There is neither payload nor message.");
    if (reservedChannels.has(channel)) return refuse("reserved_channel", about);
    return settle(shapeBarePrompt(channel, frame), about);
  }
  if (!isFields(payload)) return badFrame(about, '"payload" must be an object.');
  const { action } = payload;
  if (action === undefined || action === null) return parsePublish(source, channel, payload, false);
  if (channel === "subscription") return parseSubscription(action, payload, false);
  return parseCommand(channel, payload);
};

/** `{"type":…,"payload":…}`: subscribe and unsubscribe, or a publish to the channel that `type` names. */
const parseOld = (source: string, frame: Fields): ParsedFrame => {
  const { type, payload } = frame;
  if (!isFields(payload)) return badFrame(addresseeOf(type, {}), '"payload" must be an object.');
  if (type === "subscribe" || type === "unsubscribe") return parseSubscription(type, payload, true);
  const about = addresseeOf(type, payload);
  if (about.channel !== undefined) return parsePublish(source, about.channel, payload, true);
  return badFrame(about, '"type" must be text of 1 to 256 characters.');
};

/**
 * Understands one text frame of a client. Never throws, whatever it is given; texts and ids come out well-formed (a lone
 * surrogate is U+FFFD), and what is to be relayed keeps the exact text that it was written in.
 *
 * @example parseClientFrame('{"action":"subscribe","channel":"a"}')
 */
export const parseClientFrame = (source: string): ParsedFrame => {
  let frame: unknown;
  try {
    frame = JSON.parse(source);
  } catch {
    return refuse("bad_json", {});
  }
  if (!isFields(frame)) return badFrame({}, "A frame is a JSON object.");
  const short = (frame["payload"] ?? frame["message"] ?? undefined) === undefined;
  if (short && frame["action"] !== undefined) return parseSubscription(frame["action"], frame, false);
  if (frame["channel"] !== undefined) return parseOfChannel(source, frame);
  if (frame["type"] !== undefined) return parseOld(source, frame);
  return badFrame({}, "A frame names its channel.");
};
