import { afterAll, beforeAll, expect, test } from "vitest";
import { asking, hear } from "../../../../tests/stand-ins/ask.ts";
import { weather } from "../../../../tests/stand-ins/calling.ts";
import { refusing, startProvider, type Provider } from "../../../../tests/stand-ins/provider.ts";
import type { ModelMessage } from "./model.ts";
import { createModels } from "./model-registry.ts";

let provider: Provider;
beforeAll(async () => {
  provider = await startProvider({ script: refusing(500, { error: { message: "only asked" } }) });
});
afterAll(() => provider.close());

const claude = "anthropic:claude-sonnet-4-5";
const gemini = "google:gemini-2.5-flash";

/**
 * An earlier turn of Gemini's with a call, an earlier one of OpenAI's, and one of Claude's under way, whose first half another
 * model had.
 */
const history: readonly ModelMessage[] = [
  { role: "user", text: "Hot in Oslo?" },
  {
    role: "assistant",
    text: "",
    calls: [
      {
        callId: "call_1_1",
        name: "weather",
        arguments: '{"city":"Oslo"}',
        native: { model: gemini, data: { google: { thoughtSignature: "sig-gemini-old" } } },
      },
    ],
  },
  { role: "tool", callId: "call_1_1", name: "weather", text: "-3 °C" },
  { role: "assistant", text: "No." },
  { role: "user", text: "Thanks" },
  { role: "assistant", text: "" },
  { role: "user", text: "And in Rome and Bonn?" },
  {
    role: "assistant",
    text: "Let me see.",
    reasoning: [
      { text: "own thought", native: { model: claude, data: { anthropic: { signature: "sig-claude" } } } },
      { text: "lean thought", native: { model: "openai:m", data: { field: "reasoning_content" } } },
    ],
    calls: [
      {
        callId: "call_7_1",
        name: "weather",
        arguments: '{"city":"Rome"}',
        native: { model: gemini, data: { google: { thoughtSignature: "sig-gemini-new" } } },
      },
      { callId: "call_7_2", name: "weather", arguments: "{city:" },
    ],
  },
  { role: "tool", callId: "call_7_1", name: "weather", text: "28 °C" },
  { role: "tool", callId: "call_7_2", name: "weather", text: "That is no JSON.", failed: true },
];

/** What a model sends for this history. */
const sent = async (id: string, tools = [weather]): Promise<string> => {
  const url = provider.url;
  const modelOf = createModels({
    openai: { apiKey: "k", baseUrl: url },
    access: {
      anthropic: { apiKey: "k", baseUrl: url },
      google: { apiKey: "k", baseUrl: url },
      groq: { apiKey: "k", baseUrl: url },
      xai: { apiKey: "k", baseUrl: url },
      "amazon-bedrock": { apiKey: "k", baseUrl: url, region: "us-east-1" },
    },
    retry: { tries: 1 },
  });
  const before = provider.requests.length;
  const { error } = await hear(
    modelOf(id),
    asking("", { messages: history, tools, instructions: "Be brief." }),
  );
  expect(error?.code).toBe("provider_failed");
  return JSON.stringify(provider.requests[before]?.body);
};

test("Claude gets its own thoughts of this turn, and nothing that others have signed", async () => {
  const body = await sent(claude);
  expect(body).toContain('{"type":"thinking","thinking":"own thought","signature":"sig-claude"}');
  expect(body).not.toMatch(/sig-gemini|lean thought/);
  expect(body).toContain(
    '{"type":"tool_use","id":"call_7_2","name":"weather","input":{"unreadable":"{city:"}}',
  );
  expect(body).toMatch(/"tool_use_id":"call_7_2","content":"That is no JSON\.","is_error":true/);
});

test("Gemini gets its own signatures of this turn, not those of earlier ones", async () => {
  const body = await sent(gemini);
  expect(body).toContain('"thoughtSignature":"sig-gemini-new"');
  expect(body).not.toMatch(/sig-gemini-old|sig-claude|own thought|lean thought/);
});

test("the lean model gets its own thoughts back under their name", async () => {
  const body = await sent("openai:m");
  expect(body).toContain('"reasoning_content":"lean thought"');
  expect(body).not.toMatch(/sig-|own thought/);
});

test.each(["groq:llama-3.3-70b-versatile", "xai:grok-4.3", "openai-responses:gpt-5", "amazon-bedrock:b"])(
  "P10 %s goes on with the conversation: each call has its result, nothing foreign is in it",
  async (id) => {
    const body = await sent(id);
    for (const called of ["call_1_1", "call_7_1", "call_7_2"])
      expect(body.split(`"${called}"`).length - 1).toBeGreaterThanOrEqual(2);
    expect(body).not.toMatch(/sig-|own thought|lean thought/);
  },
);

test.each([claude, gemini, "openai:m", "xai:grok-4.3", "amazon-bedrock:b"])(
  "%s without tools is told what calls gave in words, and of none in earlier turns",
  async (id) => {
    const body = await sent(id, []);
    expect(body).toContain("[weather gave:]");
    expect(body).toContain("28 °C");
    expect(body).not.toMatch(/call_|-3 °C|tool_use|functionCall|toolUse|sig-/);
  },
);
