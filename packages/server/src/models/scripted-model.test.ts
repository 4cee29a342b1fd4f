import { expect, test } from "vitest";
import { asking, hear } from "../../../../tests/stand-ins/ask.ts";
import { manualClock } from "../../../../tests/stand-ins/manual-clock.ts";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import { calls, createScriptedModel, type ScriptStep } from "./scripted-model.ts";

const request = asking("Hello?");

test("says what the script says, and finishes by itself", async () => {
  const model = createScriptedModel([
    "Hel",
    { type: "reasoning", text: "hm" },
    { type: "text", text: "lo" },
    { type: "usage", usage: { inputTokens: 1, outputTokens: 2 } },
  ]);
  expect((await hear(model)).events).toEqual([
    { type: "text", text: "Hel" },
    { type: "reasoning", text: "hm" },
    { type: "text", text: "lo" },
    { type: "usage", usage: { inputTokens: 1, outputTokens: 2 } },
    { type: "finish", reason: "stop" },
  ]);
});

test("a finish of one's own is the end, whatever follows", async () => {
  const model = createScriptedModel(["a", { type: "finish", reason: "length" }, "b"]);
  const { events } = await hear(model);
  expect(events.at(-1)).toEqual({ type: "finish", reason: "length" });
  expect(model.calls[0]?.state).toBe("finished");
});

test("fails with the code, the detail and the wait that the script names", async () => {
  const model = createScriptedModel([
    "a",
    { type: "fail", code: "provider_busy", detail: "no seats", retryAfterMs: 5 },
  ]);
  const { text, error } = await hear(model);
  expect(text).toBe("a");
  expect(error).toMatchObject({ code: "provider_busy", detail: "no seats", retryAfterMs: 5 });
  expect(model.calls[0]?.state).toBe("failed");
});

test("waits on its clock, and until the test opens a gate", async () => {
  const clock = manualClock();
  const gate = Promise.withResolvers<void>();
  const model = createScriptedModel(
    [{ type: "wait", ms: 1_000 }, "a", { type: "until", opened: gate.promise }, "b"],
    {
      clock,
    },
  );
  const events = model.stream(request, new AbortController().signal)[Symbol.asyncIterator]();
  const first = events.next();
  clock.advance(1_000);
  expect(await first).toMatchObject({ value: { text: "a" } });
  const second = events.next();
  gate.resolve();
  expect(await second).toMatchObject({ value: { text: "b" } });
});

test.each<[string, ScriptStep]>([
  ["hangs", { type: "hang" }],
  ["waits", { type: "wait", ms: 1_000 }],
  ["waits for a gate", { type: "until", opened: new Promise(() => {}) }],
])("P9 is aborted while it %s", async (_, step) => {
  const model = createScriptedModel(["a", step, "b"], { clock: manualClock() });
  const stopping = new AbortController();
  const reason = new ColloquyError("cancelled");
  const heard = hear(model, request, stopping.signal);
  await new Promise((resolve) => setImmediate(resolve));
  expect(model.calls[0]?.state).toBe("running");
  stopping.abort(reason);
  expect(await heard).toMatchObject({ text: "a", error: reason });
  await model.calls[0]?.ended;
  expect(model.calls[0]?.state).toBe("aborted");
});

test("an abort is recorded even when nobody reads on, and a reader that leaves too", async () => {
  const model = createScriptedModel(["a", "b"]);
  const stopping = new AbortController();
  await model.stream(request, stopping.signal)[Symbol.asyncIterator]().next();
  stopping.abort();
  for await (const event of model.stream(request, new AbortController().signal)) if (event) break;
  expect(model.calls.map(({ state }) => state)).toEqual(["aborted", "left"]);
});

test("makes its script anew for each call, from the request", async () => {
  const model = createScriptedModel(({ messages }, call) => [`${call}: ${messages.at(-1)?.text}`], {
    id: "test:m",
  });
  expect((await hear(model, asking("x"))).text).toBe("1: x");
  expect((await hear(model, asking("y"))).text).toBe("2: y");
  expect(model.calls.map((call) => call.request.messages[0]?.text)).toEqual(["x", "y"]);
  expect(model.id).toBe("test:m");
});

test("calls tools", async () => {
  const model = createScriptedModel(["Let me see. ", calls("weather", { city: "Makati" })]);
  expect((await hear(model)).events).toEqual([
    { type: "text", text: "Let me see. " },
    { type: "tool-call", name: "weather", arguments: '{"city":"Makati"}' },
    { type: "finish", reason: "stop" },
  ]);
  expect([model.callsTools, createScriptedModel([], { callsTools: false }).callsTools]).toEqual([
    true,
    false,
  ]);
});
