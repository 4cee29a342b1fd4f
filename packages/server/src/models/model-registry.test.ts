import { createOpenAI } from "@ai-sdk/openai";
import { expect, test } from "vitest";
import { hear } from "../../../../tests/stand-ins/ask.ts";
import { refusing, saying, startProvider } from "../../../../tests/stand-ins/provider.ts";
import { catalogueOf, createModels } from "./model-registry.ts";
import { createScriptedModel } from "./scripted-model.ts";

test("finds demo models, the same for the same id", () => {
  const modelOf = createModels();
  expect(modelOf("demo:guide").id).toBe("demo:guide");
  expect(modelOf("demo:echo").id).toBe("demo:echo");
  expect(modelOf("demo:guide")).toBe(modelOf("demo:guide"));
});

test("finds models of providers that are passed in, by names that may hold colons", async () => {
  const asked: string[] = [];
  const modelOf = createModels({
    providers: {
      own: (model) => {
        asked.push(model);
        return createScriptedModel(["mine"], { id: `own:${model}` });
      },
    },
  });
  expect((await hear(modelOf("own:llama3.2:3b"))).text).toBe("mine");
  expect(modelOf("own:llama3.2:3b").id).toBe("own:llama3.2:3b");
  expect(asked).toEqual(["llama3.2:3b"]);
});

test.each([
  [
    "nobody:x",
    '"nobody:x" names an unknown provider; known are amazon-bedrock, anthropic, demo, google, groq,',
  ],
  ["gpt-5", '"gpt-5" names no provider: write provider:model, with one of the providers amazon-bedrock, '],
  ["", '"" names no provider'],
  ["constructor:x", "unknown provider"],
  ["demo:poet", 'the provider of "demo:poet" has no model of that name'],
  ["openai:", 'the provider of "openai:" has no model of that name'],
  ["openai:gpt-5", '"openai:gpt-5" needs OPENAI_API_KEY, or OPENAI_BASE_URL'],
  ["openai-responses:gpt-5", '"openai-responses:gpt-5" needs OPENAI_API_KEY'],
  ["anthropic:", 'the provider of "anthropic:" has no model of that name'],
  ["anthropic:c", '"anthropic:c" needs ANTHROPIC_API_KEY'],
  ["google:g", '"google:g" needs GOOGLE_GENERATIVE_AI_API_KEY'],
  ["groq:l", '"groq:l" needs GROQ_API_KEY'],
  ["xai:g", '"xai:g" needs XAI_API_KEY'],
  ["amazon-bedrock:b", '"amazon-bedrock:b" needs AWS_REGION, and AWS_BEARER_TOKEN_BEDROCK or'],
])("P12 %j is refused with a sentence", (id, says) => {
  const modelOf = createModels({ providers: { own: () => createScriptedModel([]) } });
  expect(() => modelOf(id)).toThrow(says);
});

test("openai: models go to the base URL, with the key, and are asked again when they stumble", async () => {
  let calls = 0;
  const provider = await startProvider({
    script: (answer, request) => ((calls += 1) === 1 ? refusing(503, {}) : saying(["fine"]))(answer, request),
  });
  const modelOf = createModels({
    openai: { apiKey: "k", baseUrl: provider.url, contextTokens: 99 },
    retry: { wait: { baseMs: 1, maxMs: 1 } },
  });
  const model = modelOf("openai:m");
  expect([model.id, model.contextTokens]).toEqual(["openai:m", 99]);
  expect((await hear(model)).text).toBe("fine");
  expect(provider.requests[1]).toMatchObject({
    headers: { authorization: "Bearer k" },
    body: { model: "m" },
  });
  await provider.close();
});

test("P12 a package that is not there is asked for with a sentence, before anything is imported", () => {
  const modelOf = createModels({ access: { anthropic: { apiKey: "k" } }, installed: () => false });
  expect(() => modelOf("anthropic:claude")).toThrow(
    '"anthropic:claude" needs the package @ai-sdk/anthropic: npm install @ai-sdk/anthropic@4',
  );
});

test("all packages that are built in are found where they are installed", () => {
  const access = { apiKey: "k" };
  const modelOf = createModels({
    openai: access,
    access: {
      anthropic: access,
      google: access,
      groq: access,
      xai: access,
      "amazon-bedrock": { ...access, region: "us-east-1" },
    },
  });
  for (const id of ["openai-responses:a", "anthropic:a", "google:a", "groq:a", "xai:a", "amazon-bedrock:a"])
    expect(modelOf(id)).toMatchObject({ id, callsTools: true });
  expect(modelOf("groq:a").files).not.toContain("image/*");
  expect(modelOf("google:a").files).toContain("image/*");
});

test("a provider of the AI SDK can be passed in, as it is", async () => {
  const provider = await startProvider({ script: saying(["bonjour"]) });
  const modelOf = createModels({
    providers: { mine: createOpenAI({ baseURL: provider.url, apiKey: "k", name: "mine" }) },
    catalogue: { "mine:m": { contextTokens: 9_000 } },
  });
  const model = modelOf("mine:m");
  expect([model.id, model.contextTokens, modelOf("mine:other").contextTokens]).toEqual([
    "mine:m",
    9_000,
    128_000,
  ]);
  // It is asked in its own way, at its own interface.
  await hear(model);
  expect(provider.requests[0]).toMatchObject({ path: "/v1/responses", body: { model: "m" } });
  await provider.close();
});

test("P5 models whose ids clients make up are not kept for ever", () => {
  let made = 0;
  const modelOf = createModels({ providers: { own: () => ((made += 1), createScriptedModel([])) } });
  const first = modelOf("own:first");
  for (let n = 0; n < 511; n += 1) modelOf(`own:${n}`);
  expect(modelOf("own:first")).toBe(first);
  modelOf("own:511");
  expect([modelOf("own:first") === first, made]).toEqual([false, 514]);
});

const idsOf = (...options: Parameters<typeof catalogueOf>): string[] =>
  catalogueOf(...options).map(({ id }) => id);

test("there are the well-known models of providers that can be had to choose from, and what the operator adds", () => {
  expect(idsOf({})).toEqual(["demo:guide", "demo:tools", "demo:echo"]);
  const access = { anthropic: { apiKey: "k" } };
  const ids = idsOf({ access, catalogue: { "openai:mine": {} } }, ["own:special"]);
  expect(ids).toEqual(expect.arrayContaining(["openai:mine", "own:special", "anthropic:claude-haiku-4-5"]));
  expect(ids.filter((id) => /^(groq|openai:gpt)/.test(id))).toEqual([]);
});

test("OpenAI's models are to choose from at OpenAI only", () => {
  expect(idsOf({ openai: { apiKey: "k" } })).toContain("openai:gpt-5-mini");
  expect(idsOf({ openai: { apiKey: "k", baseUrl: "http://localhost:11434/v1" } })).toHaveLength(3);
});
