import type { ToolContext } from "../../packages/server/src/tools/tool.ts";

/** What a tool is called with, for tests that only care about its result. */
export const testContext = (signal: AbortSignal = new AbortController().signal): ToolContext => ({
  conversation: "chat:c",
  turn: 1,
  callId: "call_1_1",
  user: "ada",
  signal,
});
