import { afterEach, expect, test } from "vitest";
import { asking, hear } from "../../../../tests/stand-ins/ask.ts";
import {
  refusing,
  saying,
  startProvider,
  type Provider,
  type ProviderScript,
} from "../../../../tests/stand-ins/provider.ts";
import { until } from "../../../../tests/stand-ins/until.ts";
import { createOpenAiModel, type OpenAiModelOptions } from "./openai-model.ts";
import { createProviderDispatcher } from "./provider-dispatcher.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const start = async (script: ProviderScript, options: Partial<OpenAiModelOptions> = {}) => {
  const provider = await startProvider({ script });
  const dispatcher = createProviderDispatcher();
  const model = createOpenAiModel({
    id: "openai:m",
    baseUrl: provider.url,
    model: "m",
    dispatcher,
    ...options,
  });
  open.push({ close: () => dispatcher.destroy() }, provider);
  return { provider, model };
};
const asked = (provider: Provider, n = 0): unknown => provider.requests[n]?.body;

test("streams text, thoughts, usage and the end", async () => {
  const { model } = await start(async (answer) => {
    await answer.reasoning("hm");
    await answer.text("Hel");
    await answer.text("lo 😀");
    await answer.finish("stop", { prompt_tokens: 3, completion_tokens: 2 });
    await answer.done();
  });
  const heard = await hear(model);
  expect(heard.events).toEqual([
    { type: "reasoning", text: "hm" },
    { type: "text", text: "Hel" },
    { type: "text", text: "lo 😀" },
    { type: "usage", usage: { inputTokens: 3, outputTokens: 2 } },
    { type: "finish", reason: "stop" },
  ]);
});

test("asks with instructions first, the exchanges in order, and for usage", async () => {
  const { provider, model } = await start(saying(["a"]), { apiKey: " sk-1 \n", body: { temperature: 0.2 } });
  await hear(
    model,
    asking("", {
      instructions: "Be kind.",
      messages: [
        { role: "user", text: "one" },
        { role: "assistant", text: "two" },
        { role: "user", text: "three" },
      ],
    }),
  );
  expect(asked(provider)).toEqual({
    model: "m",
    messages: [
      { role: "system", content: "Be kind." },
      { role: "user", content: "one" },
      { role: "assistant", content: "two" },
      { role: "user", content: "three" },
    ],
    stream: true,
    stream_options: { include_usage: true },
    temperature: 0.2,
  });
  expect(provider.requests[0]?.headers).toMatchObject({
    authorization: "Bearer sk-1",
    accept: "text/event-stream",
    "content-type": "application/json",
  });
});

test("sends no key when there is none, and headers of one's own", async () => {
  const { provider, model } = await start(saying(["a"]), {
    headers: { "API-Key": "k", "User-Agent": "mine" },
  });
  await hear(model);
  const headers = provider.requests[0]?.headers;
  expect(headers).toMatchObject({ "api-key": "k", "user-agent": "mine" });
  expect(headers?.authorization).toBeUndefined();
});

test.each([
  ["", "/v1/chat/completions"],
  ["/", "/v1/chat/completions"],
  ["/chat/completions", "/v1/chat/completions"],
  ["/deployments/m/?api-version=1", "/v1/deployments/m/chat/completions?api-version=1"],
])("a base URL that ends in %j is asked at %s", async (end, path) => {
  const provider = await startProvider({ script: saying(["a"]) });
  open.push(provider);
  await hear(createOpenAiModel({ id: "openai:m", baseUrl: provider.url + end, model: "m" }));
  expect(provider.requests[0]?.path).toBe(path);
});

test.each(["localhost:11434", "ftp://a/v1", "not a url", "https://me:word@a/v1"])(
  "refuses the base URL %j",
  (baseUrl) => {
    expect(() => createOpenAiModel({ id: "openai:m", baseUrl, model: "m" })).toThrow(/base URL/);
  },
);

test("refuses a key that can be none, without showing it", () => {
  const make = () =>
    createOpenAiModel({ id: "openai:m", baseUrl: "http://a/v1", model: "m", apiKey: "a\nb" });
  expect(make).toThrow(/^the provider's key holds characters that no key can have$/);
});

test("a server that does not know stream_options is asked without them, once and from then on", async () => {
  const { provider, model } = await start((answer, request) =>
    JSON.stringify(request.body).includes("stream_options")
      ? refusing(400, { error: { message: "Unrecognized request argument supplied: stream_options" } })(
          answer,
          request,
        )
      : saying(["a"])(answer, request),
  );
  expect((await hear(model)).text).toBe("a");
  expect((await hear(model)).text).toBe("a");
  expect(provider.requests).toHaveLength(3);
});

const noThinkingWithTools =
  "Function tools with reasoning_effort are not supported for m in /v1/chat/completions. To use function tools, use /v1/responses or set reasoning_effort to 'none'.";

test("a model that calls tools only when it does not think is told not to, once and from then on", async () => {
  const { provider, model } = await start((answer, request) =>
    JSON.stringify(request.body).includes('"reasoning_effort":"none"')
      ? saying(["a"])(answer, request)
      : refusing(400, { error: { message: noThinkingWithTools } })(answer, request),
  );
  const tools = [{ name: "now", description: "The time", parameters: { type: "object" } }];
  expect((await hear(model, asking("Hi", { tools }))).text).toBe("a");
  expect((await hear(model, asking("Hi", { tools }))).text).toBe("a");
  expect(provider.requests).toHaveLength(3);
  await hear(model);
  expect(asked(provider, 3)).not.toHaveProperty("reasoning_effort");
});

test("P12 a server whose model knows no tools says so, with what to do", async () => {
  const { model } = await start(refusing(400, { error: { message: "gemma:2b does not support tools" } }));
  const { error } = await hear(model, asking("Hi", { tools: [] }));
  expect(error).toMatchObject({
    code: "provider_refused",
    detail: "HTTP 400: gemma:2b does not support tools (give it no tools, or take another model)",
  });
});

test("usage is not asked for where that is turned off", async () => {
  const { provider, model } = await start(saying(["a"]), { includeUsage: false });
  await hear(model);
  expect(asked(provider)).not.toHaveProperty("stream_options");
});

test("nothing is asked before the iteration begins, and each iteration asks anew", async () => {
  const { provider, model } = await start(saying(["a"]));
  const events = model.stream(asking("Hello?"), new AbortController().signal);
  expect(provider.requests).toHaveLength(0);
  for (const n of [1, 2]) {
    for await (const event of events) expect(event).toBeDefined();
    expect(provider.requests).toHaveLength(n);
  }
});

test("a connection is used again when a stream has ended", async () => {
  const { provider, model } = await start(saying(["a"]));
  for (let n = 0; n < 3; n += 1) {
    await hear(model);
    await until(() => provider.openStreams === 0);
    // The pool takes a connection back a turn of the loop after its answer is over.
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(provider.requests.map(({ socket }) => socket)).toEqual([1, 1, 1]);
});

test("200 streams run beside each other", async () => {
  const gate = Promise.withResolvers<void>();
  const { provider, model } = await start(async (answer, request) => {
    await answer.text("a");
    await gate.promise;
    await saying(["b"])(answer, request);
  });
  const all = Promise.all(Array.from({ length: 200 }, () => hear(model)));
  await until(() => provider.openStreams === 200);
  gate.resolve();
  expect((await all).map(({ text }) => text)).toEqual(Array.from({ length: 200 }, () => "ab"));
});
