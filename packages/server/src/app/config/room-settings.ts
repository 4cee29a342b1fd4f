import { z } from "zod";
import type { RoomKind } from "../../conversation/room-kind.ts";
import { toolsShape } from "../../tools/tools-setting.ts";
import { list, text, wholeNumber } from "./setting-kinds.ts";

const kind = z.custom<RoomKind>(
  (value) => typeof value === "object" && value !== null && typeof Reflect.get(value, "model") === "function",
  "is no kind of room: { model, start?, handle?, stop? }",
);

/** The settings of rooms and tools, by the names they have in a configuration file. */
export const roomSettings = {
  roomModels: list(z.string()).default(["*"]),
  roomTools: list(z.string()).optional(),
  roomInstructions: text().optional(),
  roomKinds: z
    .record(z.string().regex(/^[a-z0-9_-]{1,64}$/, "is no name in lower case"), kind, "is not a list by name")
    .default({}),
  tools: toolsShape.default({}),
  approvalSeconds: wholeNumber(1, 604_800).default(600),
};
