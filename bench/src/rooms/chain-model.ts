import type { Model } from "../../../packages/server/src/index.ts";
import { chainCalls, chainModel, chainTool } from "./model-ids.ts";

/** A model that takes no time: it calls its tool until it has called it often enough, then says a word. */
export const createChainModel = (): Model => ({
  id: chainModel,
  callsTools: true,
  contextTokens: 1_000_000,
  async *stream({ messages }) {
    const prompt = messages.findLastIndex(({ role }) => role === "user");
    const step = messages.slice(prompt).filter(({ role }) => role === "tool").length;
    if (step < chainCalls) {
      yield { type: "tool-call", name: chainTool, arguments: `{"step":${step}}` };
      yield { type: "usage", usage: { inputTokens: 10, outputTokens: 5 } };
      yield { type: "finish", reason: "tool-calls" };
      return;
    }
    yield { type: "text", text: "done" };
    yield { type: "usage", usage: { inputTokens: 10, outputTokens: 1 } };
    yield { type: "finish", reason: "stop" };
  },
});
