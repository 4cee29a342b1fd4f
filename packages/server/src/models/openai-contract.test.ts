import { afterAll } from "vitest";
import { modelContract } from "./model.contract.ts";
import { createOpenAiModel } from "./openai-model.ts";
import { createProviderDispatcher } from "./provider-dispatcher.ts";

const dispatcher = createProviderDispatcher();
afterAll(() => dispatcher.destroy());

modelContract("the lean model", (baseUrl) =>
  createOpenAiModel({ id: "openai:m", baseUrl, model: "m", dispatcher }),
);
