import { z } from "zod";
import { wireLimits } from "../limits.ts";
import type { ClientFrame } from "./shapes.ts";

/** The members of a JSON object that came from outside. */
export type Fields = Readonly<Record<string, unknown>>;

/** A frame, or which field does not fit and why. */
export type ShapedFrame = { readonly frame: ClientFrame } | { readonly misfit: string };

const maxToken = 16 * 1024;

const wellFormed = (value: string): string => value.toWellFormed();
const text = (max: number) => z.string().min(1).max(max).overwrite(wellFormed);
const id = text(wireLimits.promptId);
const count = z.int().min(0);

const channelName = text(wireLimits.channelName);

const subscription = z.object({
  channel: channelName,
  id: id.exactOptional(),
  cursor: z.string().exactOptional(),
  mode: z.enum(["snapshot", "delta"]).exactOptional(),
  history: count.exactOptional(),
});

const bare = z.object({ message: z.string().overwrite(wellFormed), message_id: id.exactOptional() });
const prompt = bare.extend({ assistant: channelName.exactOptional(), id: id.exactOptional() });
const cancel = z.object({ message_id: id.exactOptional(), id: id.exactOptional() });
const decision = z.object({
  tool_call_id: id,
  reason: z.string().max(4096).exactOptional(),
  id: id.exactOptional(),
});
const history = z.object({
  before: count.exactOptional(),
  limit: count.exactOptional(),
  id: id.exactOptional(),
});
const conversations = z.object({
  query: z.string().max(256).exactOptional(),
  // What the page before gave as `next`: a moment and a conversation id, longer than the longest channel name.
  before: z
    .string()
    .max(2 * wireLimits.channelName)
    .exactOptional(),
  limit: count.exactOptional(),
  id: id.exactOptional(),
});
const authenticate = z.object({ token: z.string().min(1).max(maxToken), id: id.exactOptional() });

/** A field that is null counts as absent: not every language leaves out what it does not have. */
const withoutNulls = (fields: Fields): Fields =>
  Object.values(fields).includes(null)
    ? Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
    : fields;

const shape = <S extends z.ZodType>(
  schema: S,
  fields: Fields,
  frame: (value: z.output<S>) => ClientFrame,
): ShapedFrame => {
  const result = schema.safeParse(withoutNulls(fields));
  if (result.success) return { frame: frame(result.data) };
  const [issue] = result.error.issues;
  return { misfit: `Field "${issue?.path.join(".") ?? ""}": ${issue?.message ?? "wrong"}.` };
};

export const shapeSubscription = (
  action: "subscribe" | "unsubscribe",
  fields: Fields,
  old: boolean,
): ShapedFrame =>
  shape(subscription, fields, (options) => {
    if (action === "subscribe") return { kind: "subscribe", old, ...options };
    const { channel, id: asked } = options;
    return { kind: "unsubscribe", old, channel, ...(asked !== undefined && { id: asked }) };
  });

export const shapeBarePrompt = (channel: string, fields: Fields): ShapedFrame =>
  shape(bare, fields, ({ message, message_id: messageId }) => ({
    kind: "prompt",
    channel,
    text: message,
    bare: true,
    ...(messageId !== undefined && { messageId }),
  }));

/** The commands of part 2; undefined when there is none of that name. */
export const shapeCommand = (action: unknown, channel: string, fields: Fields): ShapedFrame | undefined => {
  switch (action) {
    case "prompt":
      return shape(prompt, fields, ({ message, message_id: messageId, ...rest }) => ({
        kind: "prompt",
        channel,
        text: message,
        bare: false,
        ...(messageId !== undefined && { messageId }),
        ...rest,
      }));
    case "cancel":
      return shape(cancel, fields, ({ message_id: messageId, ...rest }) => ({
        kind: "cancel",
        channel,
        ...(messageId !== undefined && { messageId }),
        ...rest,
      }));
    case "approve":
    case "deny":
      return shape(decision, fields, ({ tool_call_id: callId, ...rest }) => ({
        kind: action,
        channel,
        callId,
        ...rest,
      }));
    case "history":
      return shape(history, fields, (page) => ({ kind: "history", channel, ...page }));
    case "conversations":
      return shape(conversations, fields, (page) => ({ kind: "conversations", channel, ...page }));
    case "authenticate":
      return shape(authenticate, fields, (presented) => ({ kind: "authenticate", ...presented }));
    default:
      return undefined;
  }
};
