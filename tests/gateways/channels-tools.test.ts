import { expect, test } from "vitest";
import { calls, createScriptedModel } from "../../packages/server/src/models/scripted-model.ts";
import { makeBed } from "../heart/bed.ts";
import { careful, once, tool } from "../heart/tool-kit.ts";
import { until } from "../stand-ins/until.ts";
import { withStatus, type Caller } from "./caller.ts";
import { setStage } from "./stage.ts";

const arrange = async () => {
  const look = tool("look", undefined, { progress: () => "Looking around" });
  const model = createScriptedModel(once("Well. ", calls("look"), calls("pay", { eur: 5 })));
  const bed = await makeBed({ model, assistant: { tools: () => [look, careful("pay")] } });
  const stage = await setStage({ conversations: bed.heart });
  return { ...bed, stage };
};

const decide = (caller: Caller, action: string, more: object = {}): void =>
  caller.say({ channel: "a", payload: { action, tool_call_id: "call_1_2", ...more } });

const tools = (caller: Caller): unknown[] =>
  caller.heard.flatMap(({ payload }) =>
    payload["type"] === "tool" ? [[payload["status"], payload["message"], payload["tool_call"]]] : [],
  );

const waits = [
  "waiting",
  "pay (waits for approval)",
  { id: "call_1_2", name: "pay", arguments: { eur: 5 }, until: expect.any(Number) },
];

test("a tool shows with its progress line, a call that needs an approval waits, and a decision is answered", async () => {
  const { stage, meter } = await arrange();
  const caller = await stage.call();
  const plain = await stage.call();
  plain.subscribe("a");
  caller.subscribe("a", { id: "s" });
  caller.say({ channel: "a", message: "Go", message_id: "m1" });
  await caller.next(withStatus("waiting"));
  await until(() => meter.waiting === 1);
  // P8: whoever comes now is told what the turn waits for.
  const late = await stage.call();
  late.subscribe("a", { id: "s" });
  expect((await late.next(withStatus("waiting"))).payload["tool_call"]).toEqual(waits[2]);
  decide(late, "approve", { id: "7" });
  await late.next(({ payload }) => payload["action"] === "done" && payload["id"] === "7");
  await Promise.all([caller, plain, late].map((one) => one.next(withStatus("completed"))));
  const looked = ["processing", "Looking around", undefined];
  const went = ["processing", "Executing pay...", undefined];
  expect(tools(caller)).toEqual([looked, waits, went]);
  // Part 1 knows of no waiting.
  expect(tools(plain)).toEqual([looked, ["processing", "pay (waits for approval)", undefined], went]);
  expect(tools(late)).toEqual([waits, went]);
  expect(caller.heard.at(-1)?.payload["message"]).toBe("Well. Done.");
});

test("P12 what cannot be decided is refused, to whoever asked and to nobody else", async () => {
  const { stage, meter } = await arrange();
  const [caller, other] = [await stage.call(), await stage.call()];
  other.subscribe("a", { id: "s" });
  caller.say({ channel: "a", message: "Go", message_id: "m1" });
  await until(() => meter.waiting === 1);
  const answered = async (action: string, more: object): Promise<unknown> => {
    decide(caller, action, { id: "9", ...more });
    return (await caller.next(({ payload }) => payload["id"] === "9")).payload["code"];
  };
  expect(await answered("approve", { tool_call_id: "call_1_1" })).toBe("no_such_call");
  expect(await answered("deny", { tool_call_id: "call_9_9" })).toBe("no_such_call");
  expect(await answered("deny", { reason: "too dear" })).toBeUndefined();
  expect(await answered("approve", {})).toBe("already_decided");
  await other.next(withStatus("completed"));
  expect(tools(other).at(-1)).toEqual(["processing", "Going on without pay...", undefined]);
  expect(other.heard.some(({ payload }) => payload["status"] === "error")).toBe(false);
});
