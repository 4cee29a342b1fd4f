import { expect, test } from "vitest";
import { asking, hear } from "../../../../tests/stand-ins/ask.ts";
import { manualClock } from "../../../../tests/stand-ins/manual-clock.ts";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import type { ModelEvent } from "./model.ts";
import { createRetryingModel, type RetryOptions } from "./retrying-model.ts";
import { createScriptedModel, type ScriptStep } from "./scripted-model.ts";

const fails = (
  code: "provider_busy" | "provider_failed" | "provider_key_refused",
  retryAfterMs?: number,
): ScriptStep => ({
  type: "fail",
  code,
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});
const usage: ModelEvent = { type: "usage", usage: { inputTokens: 1, outputTokens: 0 } };

/** A model that plays one script after another, each wait over as soon as it began. */
const retrying = (scripts: readonly (readonly ScriptStep[])[], options: RetryOptions = {}) => {
  const waits: number[] = [];
  const still = manualClock();
  const clock = {
    ...still,
    after: (ms: number, run: () => void) => {
      waits.push(ms);
      queueMicrotask(run);
      return () => {};
    },
  };
  const inner = createScriptedModel((_, call) => scripts[call - 1] ?? ["?"], {
    id: "test:m",
    contextTokens: 7,
  });
  const model = createRetryingModel(inner, { clock, random: () => 1, ...options });
  return { model, inner, waits };
};

test("asks again, with growing waits, until the model speaks", async () => {
  const { model, inner, waits } = retrying([
    [fails("provider_failed")],
    [fails("provider_busy")],
    ["a", "b"],
  ]);
  const { text, error, events } = await hear(model);
  expect({ text, error, calls: inner.calls.length }).toEqual({ text: "ab", error: undefined, calls: 3 });
  expect(events.at(-1)).toEqual({ type: "finish", reason: "stop" });
  expect(waits).toEqual([500, 1_000]);
});

test("the waits are jittered", async () => {
  const { model, waits } = retrying([[fails("provider_failed")], ["a"]], { random: () => 0 });
  await hear(model);
  expect(waits).toEqual([250]);
});

test("throws the last error when it has tried often enough", async () => {
  const { model, inner } = retrying([
    [fails("provider_busy")],
    [fails("provider_busy")],
    [fails("provider_failed")],
  ]);
  expect((await hear(model)).error?.code).toBe("provider_failed");
  expect(inner.calls).toHaveLength(3);
});

test.each<[string, ScriptStep]>([
  ["text", "a"],
  ["a thought", { type: "reasoning", text: "hm" }],
])("P4 never asks again after %s", async (_, first) => {
  const { model, inner, waits } = retrying([[first, fails("provider_failed")], ["b"]]);
  const { events, error } = await hear(model);
  expect({ events: events.length, code: error?.code }).toEqual({ events: 1, code: "provider_failed" });
  expect({ calls: inner.calls.length, waits }).toEqual({ calls: 1, waits: [] });
});

test("never asks again what cannot succeed", async () => {
  const { model, inner } = retrying([[fails("provider_key_refused")], ["a"]]);
  expect((await hear(model)).error?.code).toBe("provider_key_refused");
  expect(inner.calls).toHaveLength(1);
});

test("never asks again after a fault of our own", async () => {
  const inner = createScriptedModel(() => {
    throw new TypeError("a bug");
  });
  expect((await hear(createRetryingModel(inner))).error?.code).toBe("internal");
});

test("waits as long as the provider asks, if that is longer than its own wait", async () => {
  const { model, waits } = retrying([[fails("provider_busy", 7_000)], [fails("provider_busy", 10)], ["a"]]);
  expect((await hear(model)).text).toBe("a");
  expect(waits).toEqual([7_000, 1_000]);
});

test("P5 a provider that asks for too long a wait is not waited for", async () => {
  const { model, inner } = retrying([[fails("provider_busy", 60_000)], ["a"]]);
  expect((await hear(model)).error).toMatchObject({ code: "provider_busy", retryAfterMs: 60_000 });
  expect(inner.calls).toHaveLength(1);
});

test("usage before the first word is kept, but is no word", async () => {
  const failing = retrying([
    [usage, fails("provider_failed")],
    [usage, "a"],
  ]);
  expect((await hear(failing.model)).events).toEqual([
    usage,
    { type: "text", text: "a" },
    { type: "finish", reason: "stop" },
  ]);
  expect(failing.inner.calls).toHaveLength(2);
});

test("P9 an abort ends a wait at once, and nothing is asked again", async () => {
  const clock = manualClock();
  const inner = createScriptedModel([fails("provider_busy")]);
  const retries: unknown[] = [];
  const model = createRetryingModel(inner, { clock, onRetry: (retry) => retries.push(retry) });
  const stopping = new AbortController();
  const reason = new ColloquyError("cancelled");
  const heard = hear(model, asking("Hello?"), stopping.signal);
  await new Promise((resolve) => setImmediate(resolve));
  expect(retries).toMatchObject([{ attempt: 2, error: { code: "provider_busy" } }]);
  stopping.abort(reason);
  expect((await heard).error).toBe(reason);
  clock.advance(60_000);
  expect({ calls: inner.calls.length, pending: clock.pending }).toEqual({ calls: 1, pending: 0 });
});

test("a reader that leaves, leaves the model too; id and size are the model's", async () => {
  const { model, inner } = retrying([["a", "b"]]);
  for await (const event of model.stream(asking("Hello?"), new AbortController().signal)) if (event) break;
  expect(inner.calls[0]?.state).toBe("left");
  expect([model.id, model.contextTokens]).toEqual(["test:m", 7]);
});

test("it can do what the model can that it asks", () => {
  const able = { ...createScriptedModel([]), callsTools: true, files: ["image/*"] };
  expect(createRetryingModel(able)).toMatchObject({ callsTools: true, files: ["image/*"] });
  expect(createRetryingModel(createScriptedModel([]))).not.toHaveProperty("files");
});
