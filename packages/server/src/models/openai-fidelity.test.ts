import { LLMock } from "@copilotkit/aimock";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asking, hear } from "../../../../tests/stand-ins/ask.ts";
import type { Model } from "./model.ts";
import { createOpenAiModel } from "./openai-model.ts";

/** A provider that others have made, so that our own idea of one is not all that we try. */
const mock = new LLMock({ port: 0, latency: 0, chunkSize: 5 });
let model: Model;

beforeAll(async () => {
  mock.onMessage("hello", { content: "Hi there, this is a longer answer." });
  mock.onMessage("think", { content: "42", reasoning: "six times seven" });
  mock.onMessage("limit", { content: "cut", finishReason: "length" });
  mock.onMessage("filter", { content: "no", finishReason: "content_filter" });
  mock.onMessage("cut", { content: "this never gets to its end" }, { truncateAfterChunks: 3 });
  mock.onMessage("vanish", { content: "this never gets to its end" }, { disconnectAfterMs: 1, latency: 20 });
  mock.onMessage("busy", {
    error: { message: "slow down", type: "rate_limit_error" },
    status: 429,
    retryAfter: 3,
  });
  mock.onMessage("broken", { error: { message: "oh no", type: "server_error" }, status: 500 });
  mock.onMessage("gone", { error: { message: "no such model", code: "model_not_found" }, status: 404 });
  await mock.start();
  model = createOpenAiModel({
    id: "openai:gpt-4o",
    baseUrl: `${mock.url}/v1`,
    apiKey: "test",
    model: "gpt-4o",
  });
});
afterAll(() => mock.stop());

test("an answer with usage", async () => {
  const { text, events, error } = await hear(model, asking("hello", { instructions: "Be brief." }));
  expect({ text, error }).toEqual({ text: "Hi there, this is a longer answer.", error: undefined });
  expect(events.length).toBeGreaterThan(4);
  expect(events.at(-2)).toMatchObject({ type: "usage", usage: { outputTokens: expect.any(Number) } });
  expect(events.at(-1)).toEqual({ type: "finish", reason: "stop" });
  expect(mock.getLastRequest()?.body).toMatchObject({
    model: "gpt-4o",
    stream: true,
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: "hello" },
    ],
  });
});

test("thoughts come before the answer", async () => {
  const { text, events } = await hear(model, asking("think"));
  const thought = events.map((event) => (event.type === "reasoning" ? event.text : "")).join("");
  expect({ text, thought }).toEqual({ text: "42", thought: "six times seven" });
  expect(events[0]?.type).toBe("reasoning");
});

test.each([
  ["limit", "length"],
  ["filter", "filtered"],
])("the end of %j is %s", async (prompt, reason) => {
  expect((await hear(model, asking(prompt))).events.at(-1)).toEqual({ type: "finish", reason });
});

test.each([
  ["busy", "provider_busy", 3_000],
  ["broken", "provider_failed", undefined],
  ["gone", "provider_refused", undefined],
  ["nothing fits this", "provider_refused", undefined],
  ["cut", "provider_cut_off", undefined],
  ["vanish", "provider_cut_off", undefined],
])("P12 %j fails as %s", async (prompt, code, retryAfterMs) => {
  const { error } = await hear(model, asking(prompt));
  expect({ code: error?.code, retryAfterMs: error?.retryAfterMs }).toEqual({ code, retryAfterMs });
});
