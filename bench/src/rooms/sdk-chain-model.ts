import type { LanguageModelV4, LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { chainCalls, chainModel, chainTool } from "./model-ids.ts";

const usage = {
  inputTokens: { total: 10, noCache: 10, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: 5, text: 5, reasoning: undefined },
};

const partsOf = (step: number): LanguageModelV4StreamPart[] =>
  step < chainCalls
    ? [
        { type: "stream-start", warnings: [] },
        { type: "tool-call", toolCallId: `call_${step}`, toolName: chainTool, input: `{"step":${step}}` },
        { type: "finish", usage, finishReason: { unified: "tool-calls", raw: "tool_calls" } },
      ]
    : [
        { type: "stream-start", warnings: [] },
        { type: "text-start", id: "t" },
        { type: "text-delta", id: "t", delta: "done" },
        { type: "text-end", id: "t" },
        { type: "finish", usage, finishReason: { unified: "stop", raw: "stop" } },
      ];

/** The chain model as the AI SDK's own interface has models: takes no time, and does what `createChainModel` does. */
export const createSdkChainModel = (): LanguageModelV4 => ({
  specificationVersion: "v4",
  provider: "bench",
  modelId: chainModel,
  supportedUrls: {},
  doGenerate: () => Promise.reject(new Error("the chain only streams")),
  doStream({ prompt }) {
    const asked = prompt.findLastIndex(({ role }) => role === "user");
    const step = prompt.slice(asked).filter(({ role }) => role === "tool").length;
    const stream = new ReadableStream<LanguageModelV4StreamPart>({
      start(controller) {
        for (const part of partsOf(step)) controller.enqueue(part);
        controller.close();
      },
    });
    return Promise.resolve({ stream });
  },
});
