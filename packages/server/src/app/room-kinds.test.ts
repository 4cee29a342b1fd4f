import { expect, test } from "vitest";
import type { Model } from "../models/model.ts";
import { createRoomKinds } from "./room-kinds.ts";

const model = (id: string): Model => {
  if (!/^(demo|openai|anthropic):./.test(id)) throw new Error("no such provider");
  return { id, contextTokens: 1, stream: () => (async function* () {})() };
};

test("rooms know the models that the operator lets them have, and no others", () => {
  const own = { model: () => model("demo:mine") };
  const kinds = createRoomKinds({
    models: ["openai:*", "anthropic:claude-*", "demo:echo"],
    own: { mine: own },
    modelOf: model,
  });
  const ids = (source: string, id: string): string | undefined => kinds.get(source)?.model(id)?.id;
  expect(ids("aisuite", "openai:ft:gpt:org")).toBe("openai:ft:gpt:org");
  expect(ids("aisuite", "demo:echo")).toBe("demo:echo");
  expect(ids("aisuite", "demo:guide")).toBeUndefined();
  expect(ids("aisuite", "nobody:x")).toBeUndefined();
  expect(ids("anthropic", "claude-5")).toBe("anthropic:claude-5");
  expect(ids("anthropic", "other")).toBeUndefined();
  expect(ids("mine", "anything")).toBe("demo:mine");
  expect(kinds.get("openai_realtime")).toBeUndefined();
});
