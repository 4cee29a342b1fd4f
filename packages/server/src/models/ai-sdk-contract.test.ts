import { createOpenAI } from "@ai-sdk/openai";
import { afterAll } from "vitest";
import { createAiSdkModel } from "./ai-sdk-model.ts";
import { modelContract } from "./model.contract.ts";
import { createProviderDispatcher } from "./provider-dispatcher.ts";
import { createProviderFetch } from "./provider-fetch.ts";

const dispatcher = createProviderDispatcher();
afterAll(() => dispatcher.destroy());

modelContract("a model of the AI SDK", (baseURL) => {
  const { fetch, faultOf } = createProviderFetch({ dispatcher, secrets: [], now: Date.now });
  return createAiSdkModel({
    id: "openai:m",
    model: createOpenAI({ baseURL, apiKey: "sk-test", fetch }).chat("m"),
    brokenBy: faultOf,
  });
});
