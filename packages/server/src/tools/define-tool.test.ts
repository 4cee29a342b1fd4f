import { expect, test } from "vitest";
import { z } from "zod";
import { clientTool, defineTool } from "./define-tool.ts";
import type { ToolContext } from "./tool.ts";

const context: ToolContext = {
  conversation: "chat:c",
  turn: 1,
  callId: "call_1_1",
  user: "ada",
  signal: new AbortController().signal,
};

const greet = defineTool({
  name: "greet",
  description: "Greets somebody.",
  parameters: z.object({ name: z.string().min(2), times: z.int().max(3).default(1) }),
  run: ({ name, times }) => Array.from({ length: times }, () => `Hello ${name}`),
  progress: ({ name }) => `Greeting ${name}`,
});

test("a zod schema is given to the model as JSON Schema, and to the function as its own types", async () => {
  expect(greet.parameters).toEqual({
    type: "object",
    properties: {
      name: { type: "string", minLength: 2 },
      times: { type: "integer", minimum: Number.MIN_SAFE_INTEGER, maximum: 3, default: 1 },
    },
    required: ["name"],
  });
  expect(await greet.run({ name: "Ada" }, context)).toBe('["Hello Ada"]');
  expect(greet.progress?.({ name: "Ada" })).toBe("Greeting Ada");
  expect(greet).toMatchObject({ approval: false, runs: "server", timeMs: 30_000, resultChars: 65_536 });
});

test("misfits are one sentence for the model, and nothing runs with them", async () => {
  expect(greet.misfit({ name: "Ada" })).toBeUndefined();
  expect(greet.misfit({ times: 9 })).toMatch(/^The arguments do not fit\. name: .+; times: .+\.$/);
  await expect(greet.run({ name: "A" }, context)).rejects.toThrow(/name: Too small/);
});

test("JSON Schema is checked as well, with what it refers to", async () => {
  const tool = defineTool({
    name: "add",
    description: "Adds.",
    parameters: {
      type: "object",
      properties: { numbers: { type: "array", items: { $ref: "#/$defs/n" }, minItems: 1 } },
      required: ["numbers"],
      additionalProperties: false,
      $defs: { n: { type: "number" } },
    },
    run: (args) => args,
  });
  expect(tool.misfit({ numbers: [1, 2] })).toBeUndefined();
  expect(tool.misfit({ numbers: [1, "2"] })).toMatch(/numbers\.1/);
  expect(tool.misfit({ numbers: [1], more: 1 })).toMatch(/more/);
  expect(tool.misfit({})).toMatch(/numbers/);
  expect(await tool.run({ numbers: [1] }, context)).toBe('{"numbers":[1]}');
});

test("P12 a schema that runs in circles is a misfit and not a crash", () => {
  const tool = defineTool({
    name: "loop",
    description: "Loops.",
    parameters: { type: "object", allOf: [{ $ref: "#" }] },
    run: () => "",
  });
  expect(tool.misfit({})).toMatch(/could not be checked|do not fit/);
});

test("text is the result as it is; nothing is an empty result", async () => {
  const tool = (run: () => unknown) =>
    defineTool({ name: "t", description: "d", parameters: z.object({}), run });
  expect(await tool(() => "plain").run({}, context)).toBe("plain");
  expect(await tool(async () => ({ a: 1 })).run({}, context)).toBe('{"a":1}');
  expect(await tool(() => undefined).run({}, context)).toBe("");
});

test.each([
  ["a name with a dot", { name: "a.b" }, /cannot be a tool's name/],
  ["a name that is too long", { name: "a".repeat(65) }, /at most 64/],
  ["no description", { description: " " }, /needs a description/],
  ["parameters of no object", { parameters: { type: "string" } }, /schema of an object/],
  [
    "what cannot be checked",
    { parameters: { type: "object", not: { required: ["a"] } } },
    /not is not supported/,
  ],
  ["no time", { timeMs: 0 }, /timeMs/],
])("P12 %s is said to whoever defines it", (_what, change, says) => {
  const good = { name: "t", description: "d", parameters: { type: "object" }, run: () => "" };
  expect(() => defineTool({ ...good, ...change })).toThrow(says);
});

test("a client's tool waits longer, and never runs here", async () => {
  const tool = clientTool({
    name: "pick_file",
    description: "Asks for a file.",
    parameters: z.object({}),
    progress: "Choosing",
  });
  expect(tool).toMatchObject({ runs: "client", approval: false, timeMs: 120_000 });
  expect(tool.progress?.({})).toBe("Choosing");
  await expect(tool.run({}, context)).rejects.toThrow(/runs in the client/);
});
