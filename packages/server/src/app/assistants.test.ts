import { expect, test } from "vitest";
import type { Model } from "../models/model.ts";
import { createAssistants } from "./assistants.ts";
import { defineConfig } from "./config/define-config.ts";
import { readConfig } from "./config/read-config.ts";

const modelOf = (id: string): Model => ({
  id,
  contextTokens: 1_000,
  stream: () => ({
    [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }),
  }),
});

const value = defineConfig({
  model: "demo:echo",
  assistants: { helper: {}, brief: { model: "demo:guide", policy: "reject" } },
  channels: {
    "relay-*": { assistant: "none" },
    "brief-*": { assistant: "brief" },
    "*": { assistant: "helper", policy: { parallel: 3 } },
  },
});
const result = readConfig({ file: { name: "the file", value } });
if (!result.ok) throw new Error("the configuration is good");
const assistants = createAssistants(result.config, {
  modelOf,
  toolsOf: () => () => [],
  roomKinds: new Map(),
});
const find = (conversation: string, id?: string): unknown => {
  const found = assistants.find(conversation, id);
  return typeof found === "object" ? [found.id, found.model.id, found.policy] : found;
};

test("the first rule whose pattern fits says who answers, and how", () => {
  expect(find("channel:brief-1")).toEqual(["brief", "demo:guide", "reject"]);
  expect(find("channel:lobby")).toEqual(["helper", "demo:echo", { parallel: 3 }]);
});

test("where nobody answers, nobody can be asked", () => {
  expect(find("channel:relay-1")).toBe("none");
  expect(find("channel:relay-1", "helper")).toBe("none");
});

test("any assistant can be asked by its id, under the channel's policy", () => {
  expect(find("channel:lobby", "brief")).toEqual(["brief", "demo:guide", { parallel: 3 }]);
  expect(find("channel:brief-1", "helper")).toEqual(["helper", "demo:echo", "queue"]);
  expect(find("channel:lobby", "nobody")).toBeUndefined();
});

test("no star reaches a conversation of members; the default assistant answers there", () => {
  expect(find("chat:1")).toEqual(["helper", "demo:echo", "queue"]);
});

test("an assistant is the same object each time", () => {
  expect(assistants.find("channel:a", undefined)).toBe(assistants.find("channel:b", undefined));
});
