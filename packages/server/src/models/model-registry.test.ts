import { expect, test } from "vitest";
import { hear } from "../../../../tests/stand-ins/ask.ts";
import { refusing, saying, startProvider } from "../../../../tests/stand-ins/provider.ts";
import { createModels } from "./model-registry.ts";
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
  ["nobody:x", '"nobody:x" names an unknown provider; known are demo, openai, own'],
  ["gpt-5", '"gpt-5" names no provider: write provider:model, with one of the providers demo, openai, own'],
  ["", '"" names no provider'],
  ["constructor:x", "unknown provider"],
  ["demo:poet", 'the provider of "demo:poet" has no model of that name'],
  ["openai:", 'the provider of "openai:" has no model of that name'],
  ["openai:gpt-5", '"openai:gpt-5" needs OPENAI_API_KEY, or OPENAI_BASE_URL'],
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
