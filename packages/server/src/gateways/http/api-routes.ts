import { Hono, type Context } from "hono";
import * as z from "zod";
import { codes, wireLimits } from "@colloquy/protocol";
import { conversationOfChannel, reservedChannels } from "@colloquy/protocol/channels";
import { payloadSource } from "@colloquy/protocol/channels/parse";
import { everything, type Principal } from "../../auth/principal.ts";
import { carriesKey } from "../../auth/server-key.ts";
import type { Conversations } from "../../conversation/conversations.ts";
import { ColloquyError, toColloquyError } from "../../kernel/colloquy-error.ts";
import type { Logger } from "../../kernel/logger.ts";
import { readText } from "./read-text.ts";

export interface ApiOptions {
  readonly conversations: Conversations;
  /** Without it every request is refused. */
  readonly serverKey?: string;
  readonly logger: Logger;
}

const text = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .overwrite((value) => value.toWellFormed());
const name = text(wireLimits.channelName).refine(
  (value) => !reservedChannels.has(value),
  "that name is reserved",
);
const id = text(wireLimits.promptId);
/** For whom the back end acts. */
const user = text(256).default("server");

const promptBody = z.object({
  channel: name,
  message: z.string().overwrite((value) => value.toWellFormed()),
  message_id: id.optional(),
  assistant: id.optional(),
  user,
});
const publishBody = z.object({ channel: name, payload: z.record(z.string(), z.unknown()), user });
const decisionBody = z.object({ channel: name, tool_call_id: id, reason: text(4096).optional(), user });
const cancelBody = z.object({ channel: name, message_id: id.optional(), user });

/** The server key is the operator's own hand: it may do everything that a grant can give, in the user's name. */
const actingFor = (who: string): Principal => ({ user: who, anonymous: false, grants: everything });

const parseJson = (source: string): unknown => {
  try {
    return JSON.parse(source);
  } catch (error) {
    throw new ColloquyError("bad_json", { cause: error });
  }
};

/** The body in its shape, and the text that it came in. @throws ColloquyError with the first thing that is wrong */
const read = async <T>(c: Context, shape: z.ZodType<T>): Promise<{ body: T; source: string }> => {
  // A page of another origin can send a form unasked, but not this type.
  if (!/^application\/json\b/i.test(c.req.header("content-type") ?? "")) {
    throw new ColloquyError("bad_frame", { detail: "the content type must be application/json" });
  }
  if (Number(c.req.header("content-length")) > wireLimits.softFrameBytes)
    throw new ColloquyError("frame_too_large");
  const source = await readText(c.req.raw.body, wireLimits.softFrameBytes);
  const parsed = shape.safeParse(parseJson(source));
  if (parsed.success) return { body: parsed.data, source };
  const [issue] = parsed.error.issues;
  throw new ColloquyError("bad_frame", { detail: `${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}` });
};

/** What an error is answered with, on every route: code, sentence, and whether to try again. */
export const errorResponse = (c: Context, thrown: unknown, logger: Logger): Response => {
  const error = toColloquyError(thrown);
  if (error.code === "internal") logger.error({ err: thrown, path: c.req.path }, "a request failed");
  const { code, message, detail } = error;
  const body = { code, message, ...(detail !== undefined && { detail }), retry: codes[code].retry };
  return Response.json(body, { status: codes[code].http, headers: { "cache-control": "no-store" } });
};

/**
 * For back ends without sockets: `POST /v1/prompt`, `/v1/publish`, `/v1/cancel`, `/v1/approve` and `/v1/deny` with the server key, in
 * JSON. The same
 * commands, codes and duties as on every wire: a prompt is answered once it is durable, and its id makes it idempotent.
 */
export const apiRoutes = ({ conversations, serverKey, logger }: ApiOptions): Hono => {
  const app = new Hono();
  app.use(async (c, next) => {
    if (!carriesKey(c.req.header("authorization"), serverKey)) {
      const detail =
        serverKey === undefined ? "no SERVER_KEY is configured" : "the server key is missing or wrong";
      throw new ColloquyError("not_authenticated", { message: "This needs the server's key.", detail });
    }
    await next();
  });
  app.post("/prompt", async (c) => {
    const { body } = await read(c, promptBody);
    const accepted = await conversations.prompt(actingFor(body.user), conversationOfChannel(body.channel), {
      text: body.message,
      ...(body.message_id !== undefined && { promptId: body.message_id }),
      ...(body.assistant !== undefined && { assistant: body.assistant }),
    });
    const { promptId: message_id, turn, cursor, repeated } = accepted;
    return c.json({ message_id, turn, cursor, repeated }, 202);
  });
  app.post("/publish", async (c) => {
    const { body, source } = await read(c, publishBody);
    const json = payloadSource(source);
    if (json === undefined) throw new ColloquyError("bad_frame", { detail: "payload: nested too deeply" });
    const messageId = id.safeParse(body.payload["message_id"]).data;
    await conversations.publish(actingFor(body.user), conversationOfChannel(body.channel), {
      json,
      form: "payload",
      replaceable: messageId !== undefined && body.payload["status"] === "in_progress",
      ...(messageId !== undefined && { messageId }),
    });
    return c.json({ published: true }, 202);
  });
  app.post("/cancel", async (c) => {
    const { body } = await read(c, cancelBody);
    await conversations.cancel(actingFor(body.user), conversationOfChannel(body.channel), body.message_id);
    return c.json({ cancelled: true });
  });
  for (const [route, verdict] of [
    ["/approve", "granted"],
    ["/deny", "denied"],
  ] as const) {
    app.post(route, async (c) => {
      const { body } = await read(c, decisionBody);
      const { tool_call_id: callId, reason } = body;
      await conversations.decide(actingFor(body.user), conversationOfChannel(body.channel), {
        callId,
        verdict,
        ...(reason !== undefined && { reason }),
      });
      return c.json({ [verdict]: true });
    });
  }
  app.onError((error, c) => errorResponse(c, error, logger));
  return app;
};
