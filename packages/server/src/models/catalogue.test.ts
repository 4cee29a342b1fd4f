import { expect, test } from "vitest";
import { catalogue, factsOf, filesOf } from "./catalogue.ts";
import { knownModels } from "./known-models.ts";

test("a well-known model is known, also by the name with its date", () => {
  const facts = { name: "Claude Haiku 4.5", contextTokens: 200_000, tools: true, images: true };
  expect(factsOf("anthropic:claude-haiku-4-5")).toMatchObject(facts);
  expect(factsOf("anthropic:claude-haiku-4-5-20251001")).toMatchObject(facts);
  expect(factsOf("openai:gpt-5-mini-2025-08-07").name).toBe("GPT-5 mini");
});

test("an unknown model is taken for a usual one of its provider", () => {
  expect(factsOf("anthropic:claude-next")).toMatchObject({ name: "claude-next", contextTokens: 200_000 });
  expect(factsOf("openai:llama3.2:3b")).toMatchObject({
    name: "llama3.2:3b",
    contextTokens: 32_768,
    tools: true,
  });
  expect(factsOf("groq:next")).toMatchObject({ images: false });
  expect(factsOf("mistral:large")).toMatchObject({ name: "large", contextTokens: 128_000 });
  expect(factsOf("constructor")).toMatchObject({ name: "constructor", contextTokens: 128_000 });
});

test("what the operator says goes before what we know", () => {
  const added = { "openai:gpt-5-mini": { name: "Small one", tools: false, images: undefined } };
  expect(factsOf("openai:gpt-5-mini", added)).toEqual({
    name: "Small one",
    contextTokens: 400_000,
    tools: false,
    images: true,
    files: true,
    reasoning: true,
  });
});

test("files are told as media types; text can always be given", () => {
  expect(filesOf({ images: false, files: false })).toContain("text/*");
  expect(filesOf({ images: true, files: true })).toEqual(
    expect.arrayContaining(["image/*", "application/pdf", "text/*"]),
  );
});

test("each model is told of once", () => {
  const also = ["demo:guide", "own:a", "own:a"];
  const models = catalogue({
    has: (provider) => provider === "demo",
    also,
    added: { "own:a": { name: "A" } },
  });
  expect(models.map(({ id, name, provider }) => [id, name, provider])).toEqual([
    ["own:a", "A", "own"],
    ["demo:guide", "The guide", "demo"],
    ["demo:tools", "The demo with tools", "demo"],
    ["demo:echo", "The echo", "demo"],
  ]);
  expect(models[2]?.capabilities).toEqual({ tools: true, images: false, files: false, reasoning: false });
});

test("all well-known models have ids that can be looked up", () => {
  for (const id of Object.keys(knownModels)) expect(id).toMatch(/^[a-z][a-z0-9-]*:\S+$/);
});
