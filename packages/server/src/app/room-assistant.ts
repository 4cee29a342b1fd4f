import { defaultTurnLimits } from "@colloquy/protocol";
import type { Room } from "../conversation/rooms.ts";
import type { Model } from "../models/model.ts";
import type { Tool } from "../tools/tool.ts";
import type { Assistant } from "../turn/assistant.ts";
import type { Config } from "./config/resolve-config.ts";

/** Messages that go along with a prompt in a room whose owner says nothing else. */
const usualHistory = 10;

/** Who answers in a room: a model, with what the room's owner set. Settings only ever take rights away, never give any. */
export const roomAssistant = (
  id: string,
  model: Model,
  { settings }: Room,
  config: Pick<Config, "roomInstructions" | "approvalSeconds">,
  tools: () => readonly Tool[],
): Assistant => {
  const instructions = settings.instructions ?? config.roomInstructions;
  const allowed = settings.tools && new Set(settings.tools);
  return {
    id,
    model,
    policy: "queue",
    limits: defaultTurnLimits,
    contextExchanges: Math.ceil((settings.history ?? usualHistory) / 2),
    approvalMs: config.approvalSeconds * 1_000,
    tools: allowed ? () => tools().filter(({ name }) => allowed.has(name)) : tools,
    ...(settings.autoExecute === false && { askFirst: true }),
    ...(instructions !== undefined && { instructions }),
  };
};
