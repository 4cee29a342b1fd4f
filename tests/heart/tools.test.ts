import { expect, test } from "vitest";
import { calls, createScriptedModel, type Script } from "../../packages/server/src/models/scripted-model.ts";
import type { Assistant } from "../../packages/server/src/turn/assistant.ts";
import type { Tool } from "../../packages/server/src/tools/tool.ts";
import { makeBed, type BedOptions } from "./bed.ts";
import { ask, isWhole, logOf, ownOf, told, tool } from "./tool-kit.ts";

const stage = async (
  script: Script,
  tools: readonly Tool[],
  more: Partial<BedOptions> & { assistant?: Partial<Assistant> } = {},
) => {
  const model = createScriptedModel(script);
  const bed = await makeBed({ model, ...more, assistant: { ...more.assistant, tools: () => tools } });
  return { ...bed, model, ear: bed.listen("channel:a").ear };
};

test("a turn runs the tools that its model calls, and gives it their results, until it calls none", async () => {
  const weather = tool("weather", ({ city }) => `Sunny in ${String(city)}.`, {
    progress: ({ city }) => `Looking up ${String(city)}`,
  });
  const bed = await stage(
    (_, call) =>
      call === 1
        ? ["Let me see. ", calls("weather", { city: "Makati" }), { type: "finish", reason: "tool-calls" }]
        : ["It is sunny."],
    [weather],
  );
  const turn = await ask(bed);
  await bed.ear.untilEnded(turn);
  expect(bed.ear.texts.get(turn)).toBe("Let me see. It is sunny.");
  expect(told(await logOf(bed))).toEqual([
    "prompt",
    "answer 0 Let me see. ",
    "call call_1_1 weather",
    "result call_1_1 Sunny in Makati.",
    "answer 12 It is sunny.",
    "completed",
  ]);
  expect(weather.ran[0]).toMatchObject({
    args: { city: "Makati" },
    context: { conversation: "channel:a", turn: 1, callId: "call_1_1", user: "ada" },
  });
  const [first, second] = bed.model.calls.map(({ request }) => request);
  expect(first?.tools).toEqual([
    { name: "weather", description: "The tool weather.", parameters: { type: "object" } },
  ]);
  expect(second && ownOf(second)).toEqual([
    {
      role: "assistant",
      text: "Let me see. ",
      calls: [{ callId: "call_1_1", name: "weather", arguments: '{"city":"Makati"}' }],
    },
    { role: "tool", callId: "call_1_1", name: "weather", text: "Sunny in Makati." },
  ]);
  const log = await logOf(bed);
  expect(log.find((entry) => entry.kind === "tool-call")).toMatchObject({ progress: "Looking up Makati" });
});

test("P1 a call is in the log, with the words before it, before its tool runs", async () => {
  let seen: readonly string[] = [];
  const look = tool("look", async () => {
    seen = told(await logOf(bed));
    return "ok";
  });
  const bed = await stage((_, call) => (call === 1 ? ["Now. ", calls("look")] : ["Done."]), [look]);
  await bed.ear.untilEnded(await ask(bed));
  expect(seen).toEqual(["prompt", "answer 0 Now. ", "call call_1_1 look"]);
});

test("parallel calls run side by side, and each result is told as it comes", async () => {
  const gate = Promise.withResolvers<string>();
  const slow = tool("slow", () => gate.promise);
  const quick = tool("quick", () => "quick");
  const bed = await stage(
    (_, call) => (call === 1 ? [calls("slow"), calls("quick")] : ["Done."]),
    [slow, quick],
  );
  const turn = await ask(bed);
  await bed.ear.until(() => bed.ear.kinds().includes("tool-result"));
  expect(told(await logOf(bed)).slice(1)).toEqual([
    "call call_1_1 slow",
    "call call_1_2 quick",
    "result call_1_2 quick",
  ]);
  gate.resolve("slow");
  await bed.ear.untilEnded(turn);
  // The model reads them in the order of its calls.
  expect(ownOf(bed.model.calls[1]?.request ?? { messages: [] }).map(({ text }) => text)).toEqual([
    "",
    "slow",
    "quick",
  ]);
});

test("a chain of 30 calls to the model is the longest; the turn then fails, and every call has its result", async () => {
  const again = tool("again");
  const bed = await stage(() => ["x", calls("again", { at: Math.random() })], [again]);
  const turn = await ask(bed);
  await bed.ear.untilEnded(turn);
  expect([bed.ear.ends.get(turn), bed.model.calls.length, again.ran.length]).toEqual([
    "too_many_steps",
    30,
    29,
  ]);
  const log = await logOf(bed);
  const made = log.filter((entry) => entry.kind === "tool-call").length;
  expect([made, log.filter((entry) => entry.kind === "tool-result").length]).toEqual([30, 30]);
  expect(bed.ear.texts.get(turn)).toBe("x".repeat(30));
  expect(bed.model.calls.every(({ request }) => isWhole(request))).toBe(true);
});

test("no chain is read back from the store, however long it gets", async () => {
  let reads = 0;
  const bed = await stage(
    (_, call) => (call <= 29 ? [calls("again", { call })] : ["Done."]),
    [tool("again")],
    {
      store: (store) => ({
        ...store,
        readTurn: (...wish) => ((reads += 1), store.readTurn(...wish)),
        readNewest: (...wish) => ((reads += 1), store.readNewest(...wish)),
      }),
    },
  );
  await bed.ear.untilEnded(await ask(bed));
  expect([bed.model.calls.length, reads]).toEqual([30, 0]);
});

test("what a turn cost is the sum over all of its calls, an estimate if any of them is", async () => {
  const usage = { type: "usage" as const, usage: { inputTokens: 10, outputTokens: 2 } };
  const told = (_: unknown, call: number) => (call % 2 === 1 ? [usage, calls("t")] : ["Done.", usage]);
  const bed = await stage(told, [tool("t")]);
  await bed.ear.untilEnded(await ask(bed));
  const guessed = await stage((_, call) => (call === 1 ? [usage, calls("t")] : ["Done."]), [tool("t")]);
  await guessed.ear.untilEnded(await ask(guessed));
  const [sum, guess] = await Promise.all(
    [bed, guessed].map(async (one) => (await logOf(one)).find((entry) => entry.kind === "turn-end")?.usage),
  );
  expect(sum).toEqual({ inputTokens: 20, outputTokens: 4 });
  expect(guess).toMatchObject({ outputTokens: 3, estimated: true });
});

test("what a model signs comes back to it in its own turn, not in the next one", async () => {
  const script: Script = (_, call) =>
    call === 1
      ? [
          { type: "reasoning", text: "hm" },
          { type: "reasoning", text: "", native: { signature: "s1" } },
          { type: "tool-call", name: "t", arguments: "{}", native: { sign: 2 } },
        ]
      : ["Done."];
  const bed = await stage(script, [tool("t")]);
  await bed.ear.untilEnded(await ask(bed));
  await bed.ear.untilEnded(await ask(bed, "And?", "p2"));
  const [, second, third] = bed.model.calls.map(({ request }) => request);
  const model = "demo:scripted";
  expect(second && ownOf(second)[0]).toEqual({
    role: "assistant",
    text: "",
    calls: [{ callId: "call_1_1", name: "t", arguments: "{}", native: { model, data: { sign: 2 } } }],
    reasoning: [{ text: "hm", native: { model, data: { signature: "s1" } } }],
  });
  expect(JSON.stringify(third?.messages)).not.toContain("native");
  expect(third?.messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "assistant", "user"]);
});

test("a finish that says tool-calls with none made is an end, and calls with another finish are run", async () => {
  const none = await stage([{ type: "finish", reason: "tool-calls" }], [tool("t")]);
  await none.ear.untilEnded(await ask(none));
  expect(none.ear.ends.get(1)).toBe("completed");
  const other = tool("t");
  const bed = await stage(
    (_, call) => (call === 1 ? [calls("t"), { type: "finish", reason: "length" }] : ["Done."]),
    [other],
  );
  await bed.ear.untilEnded(await ask(bed));
  expect([bed.ear.ends.get(1), other.ran.length]).toEqual(["completed", 1]);
});

test("a model that cannot call tools is told of none, neither in instructions nor in a past of calls", async () => {
  const tools = [tool("t", undefined, { usage: "for everything" })];
  const bed = await stage((_, call) => (call === 1 ? ["See: ", calls("t")] : ["done."]), tools, {
    assistant: { instructions: "Be brief." },
  });
  await bed.ear.untilEnded(await ask(bed));
  expect(bed.model.calls[0]?.request.instructions).toMatch(
    /^Today is \w+day, \d{4}-\d\d-\d\d \(UTC\)\.\n\nHow to use your tools:\n- t: for everything\n\nBe brief\.$/,
  );
  const plain = createScriptedModel(["Yes."], { callsTools: false });
  const content = bed.store;
  const later = await makeBed({
    model: plain,
    store: () => content,
    assistant: { tools: () => tools, instructions: "Be brief." },
  });
  const { ear } = later.listen("channel:a");
  await ear.untilEnded(await ask(later, "And?", "p2"));
  expect(plain.calls[0]?.request).toMatchObject({
    instructions: "Be brief.",
    messages: [
      { role: "user", text: "Go" },
      { role: "assistant", text: "See: done." },
      { role: "user", text: "And?" },
    ],
  });
  expect(plain.calls[0]?.request).not.toHaveProperty("tools");
});
