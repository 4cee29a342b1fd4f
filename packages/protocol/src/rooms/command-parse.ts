import { z } from "zod";
import { wireLimits } from "../limits.ts";
import { file } from "./file-parse.ts";

const maxText = wireLimits.softFrameBytes;
const maxToken = 16 * 1024;
const maxFiles = 16;

const wellFormed = (value: string): string => value.toWellFormed();
const text = (max: number) => z.string().min(1).max(max).overwrite(wellFormed);
/** Clients take ids from the clock, and some of them send the number as it is. */
const id = z.union([text(wireLimits.promptId), z.number().transform(String)], {
  error: "must be text of 1 to 256 characters, or a number",
});
const withoutAisuite = (model: string): string => model.replace(/^aisuite\./i, "");
const model = text(wireLimits.promptId)
  .transform(withoutAisuite)
  .refine((name) => name !== "", "must name a model");
const count = z.int().min(0);

const roomId = text(wireLimits.promptId);
const inRoom = z.object({ room_id: roomId });
const ofCall = inRoom.extend({ call_id: id });

export const findChat = z.object({ chat_id: id });
export const createRoom = z.object({
  chat_id: id,
  model_api_source: text(64).transform((source) => source.trim().toLowerCase()),
  model_id: model,
});
export const joinRoom = z.object({
  room_id: roomId.exactOptional(),
  cursor: z.string().exactOptional(),
  history: count.exactOptional(),
});
export const leaveRoom = inRoom;
export const typing = inRoom;
export const history = inRoom.extend({
  before: z
    .string()
    .regex(/^\d{1,15}$/, "must be what an earlier answer gave")
    .transform(Number)
    .exactOptional(),
  limit: count.exactOptional(),
});
export const oneFile = inRoom.extend({ message_id: id, index: count });
export const cancel = inRoom.extend({ message_id: id.exactOptional() });
export const decision = ofCall.extend({ reason: z.string().max(4096).overwrite(wellFormed).exactOptional() });
export const settled = ofCall;
export const invite = inRoom.extend({
  user_id: id,
  role: z.enum(["reader", "writer", "owner"]).exactOptional(),
});
export const refreshToken = z.object({ token: z.string().min(1).max(maxToken) });

/** Of any kind: the room's kind reads the rest. */
export const anyMessage = z.object({
  type: text(128),
  id,
  data: z.record(z.string(), z.unknown()).default({}),
});

/** Of a message of text. */
export const item = z.object({
  model_id: model.exactOptional(),
  content: z.string().max(maxText).overwrite(wellFormed).exactOptional(),
  files: z.array(file).max(maxFiles).exactOptional(),
});
export const modelOverride = model.optional();

export const anyEvent = z.object({
  type: text(128),
  id,
  data: z.record(z.string(), z.unknown()).exactOptional(),
});
export const sessionUpdate = z.object({
  instructions: z.string().max(65_536).overwrite(wellFormed).exactOptional(),
  history_length: count.max(1_000).exactOptional(),
  auto_execute_functions: z.boolean().exactOptional(),
  tools: z.array(text(128)).max(256).exactOptional(),
});
