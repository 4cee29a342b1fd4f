import { LLMock } from "@copilotkit/aimock";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { asking, hear } from "../../../../tests/stand-ins/ask.ts";
import { weather } from "../../../../tests/stand-ins/calling.ts";
import { startProvider } from "../../../../tests/stand-ins/provider.ts";
import { until } from "../../../../tests/stand-ins/until.ts";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import { createModels, type ModelsOptions } from "./model-registry.ts";
import type { Model } from "./model.ts";

/** Providers that others have made, asked through the packages of the AI SDK as they are. */
const mock = new LLMock({ port: 0, latency: 0, chunkSize: 5 });

const at = (url: string): ModelsOptions => {
  const access = (path: string) => ({ apiKey: "test-key-4711", baseUrl: `${url}${path}` });
  return {
    openai: access("/v1"),
    access: {
      anthropic: access("/v1"),
      google: access("/v1beta"),
      groq: access("/v1"),
      xai: access("/v1"),
      "amazon-bedrock": { ...access(""), region: "us-east-1" },
    },
    retry: { tries: 1 },
  };
};
let modelOf: (id: string) => Model;

const slow = { latency: 20 };
beforeAll(async () => {
  const refused = (status: number, type: string, message: string) => ({ status, error: { type, message } });
  mock.onMessage("hello", { content: "Hi there, this is a longer answer." });
  mock.onMessage("hot?", {
    toolCalls: [
      { name: "weather", arguments: '{"city":"Oslo"}' },
      { name: "weather", arguments: '{"city":"Rome"}' },
    ],
  });
  mock.onMessage("limit", { content: "cut", finishReason: "length" });
  mock.onMessage("think", { content: "42", reasoning: "six times seven" });
  mock.onMessage("cut", { content: "this never gets to its end" }, { ...slow, truncateAfterChunks: 6 });
  mock.onMessage("busy", { ...refused(429, "rate_limit_error", "slow down"), retryAfter: 3 });
  mock.onMessage("broken", refused(500, "server_error", "oh no"));
  mock.onMessage("key", refused(401, "authentication_error", "bad key test-key-4711"));
  mock.onMessage("gone", refused(404, "not_found_error", "no such model"));
  mock.onMessage("long", refused(400, "invalid_request_error", "prompt is too long: 9 tokens > 8 maximum"));
  await mock.start();
  modelOf = createModels(at(mock.url));
});
afterAll(() => mock.stop());

const ids = [
  "anthropic:claude-haiku-4-5",
  "google:gemini-2.5-flash",
  "groq:llama-3.3-70b-versatile",
  "xai:grok-4.3",
  "openai-responses:gpt-4o",
  "amazon-bedrock:anthropic.claude-3-haiku-20240307-v1:0",
] as const;
/** Whose reasons for an end the mock has wrong, or whose thoughts it does not tell as they do. */
const lacksReasons: readonly string[] = ["xai:grok-4.3", "openai-responses:gpt-4o"];
const lacksThoughts: readonly string[] = ["xai:grok-4.3", "groq:llama-3.3-70b-versatile"];

describe.each(ids)("%s", (id) => {
  const ask = (prompt: string) =>
    hear(modelOf(id), asking(prompt, { instructions: "Be brief.", tools: [weather] }));

  test("an answer", async () => {
    const { text, events, error } = await ask("hello");
    expect({ text, error }).toEqual({ text: "Hi there, this is a longer answer.", error: undefined });
    expect(events.filter(({ type }) => type === "text").length).toBeGreaterThan(4);
    expect(events.at(-1)).toEqual({ type: "finish", reason: "stop" });
    expect(mock.getLastRequest()?.body).toMatchObject({
      stream: true,
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "hello" },
      ],
      tools: [{ function: { name: "weather" } }],
    });
  });

  test("calls, and the end that says so", async () => {
    const { events } = await ask("hot?");
    const calls = events.filter(({ type }) => type === "tool-call");
    expect(calls).toMatchObject([
      { name: "weather", arguments: '{"city":"Oslo"}' },
      { name: "weather", arguments: '{"city":"Rome"}' },
    ]);
    expect(events.at(-1)).toEqual({ type: "finish", reason: "tool-calls" });
  });

  test.skipIf(lacksThoughts.includes(id))("thoughts come before the answer", async () => {
    const { text, events } = await ask("think");
    const thought = events.map((event) => (event.type === "reasoning" ? event.text : "")).join("");
    expect({ text, thought }).toEqual({ text: "42", thought: "six times seven" });
  });

  test.skipIf(lacksReasons.includes(id))("the end because of length", async () => {
    expect((await ask("limit")).events.at(-1)).toEqual({ type: "finish", reason: "length" });
  });

  test.each([
    ["cut", "provider_cut_off", undefined],
    ["busy", "provider_busy", 3_000],
    ["broken", "provider_failed", undefined],
    ["key", "provider_key_refused", undefined],
    ["gone", "provider_refused", undefined],
    ["long", "context_too_long", undefined],
  ])("P12 %j fails as %s", async (prompt, code, retryAfterMs) => {
    const { error } = await ask(prompt);
    expect({ code: error?.code, retryAfterMs: error?.retryAfterMs }).toEqual({ code, retryAfterMs });
    expect(`${error?.detail} ${String(error?.cause)}`).not.toContain("4711");
  });

  test("P9 an abort closes the connection, before the answer and in it", async () => {
    // The mock does not notice a client that hangs up.
    for (const begins of [false, true]) {
      const type = id.startsWith("amazon") ? "application/vnd.amazon.eventstream" : "text/event-stream";
      const provider = await startProvider({
        script: (answer) => (begins ? answer.head(200, { "content-type": type }) : undefined),
      });
      const stopping = new AbortController();
      const reason = new ColloquyError("cancelled");
      const model = createModels(at(provider.url.replace("/v1", "")))(id);
      const heard = hear(model, asking("hello"), stopping.signal);
      await until(() => provider.requests.length === 1);
      await sleep(5);
      stopping.abort(reason);
      expect((await heard).error).toBe(reason);
      expect(await provider.requests[0]?.closed).toBe("aborted");
      await provider.close();
    }
  });
});

test("P12 a provider that cannot be reached is unreachable, through each package", async () => {
  const provider = await startProvider({ script: () => {} });
  await provider.close();
  const away = createModels(at(provider.url.replace("/v1", "")));
  for (const id of ids) {
    const { error } = await hear(away(id));
    expect([id, error?.code, error?.detail]).toEqual([id, "provider_unreachable", "ECONNREFUSED"]);
  }
});
