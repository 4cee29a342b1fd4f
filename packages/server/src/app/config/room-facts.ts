import { toolsInstead } from "../../tools/tools-setting.ts";
import type { SettingFact } from "./setting-fact.ts";

/** What an operator needs to know of each setting of rooms and tools. */
export const roomFacts = {
  roomModels: {
    env: "ROOM_MODELS",
    instead: "the models that rooms may use, with commas between; * stands for any text: openai:*,demo:*",
  },
  roomTools: {
    env: "ROOM_TOOLS",
    usual: "*",
    instead: "the names of the tools that rooms have, with commas between; * stands for any text",
  },
  roomInstructions: {
    env: "ROOM_INSTRUCTIONS",
    instead: "what models are told in rooms whose owner tells them nothing",
  },
  roomKinds: { instead: "{ name: { model, start, handle, stop } }: your own kinds of rooms" },
  tools: { instead: toolsInstead },
  approvalSeconds: {
    env: "APPROVAL_SECONDS",
    instead: "the seconds that a call of a tool waits for an approval, such as 600",
  },
} satisfies Readonly<Record<string, SettingFact>>;
