import { expect, test } from "vitest";
import { toColloquyError } from "../kernel/colloquy-error.ts";
import { createAiSdkParts } from "./ai-sdk-parts.ts";
import type { ModelEvent } from "./model.ts";
import { streamFault } from "./provider-fault.ts";

/** Everything that a stream of these parts says, an error as its last line. */
const read = (parts: Iterable<unknown>, signsThoughts = true): (ModelEvent | string)[] => {
  const events: (ModelEvent | string)[] = [];
  const reader = createAiSdkParts({
    emit: (event) => events.push(event),
    fault: (error) => streamFault(error, []),
    signsThoughts,
  });
  try {
    for (const part of parts) reader.read(part);
    reader.end();
  } catch (error) {
    events.push(toColloquyError(error).code);
  }
  return events;
};

const usage = { inputTokens: { total: 7 }, outputTokens: { total: 3 } };
const end = (unified: string): object => ({ type: "finish", usage, finishReason: { unified, raw: unified } });
/** As packages say it when the provider gave no reason. */
const endOf = (unified: string): object => ({
  type: "finish",
  usage,
  finishReason: { unified, raw: undefined },
});
const spent: ModelEvent = { type: "usage", usage: { inputTokens: 7, outputTokens: 3 } };
const finish = (reason: "stop" | "tool-calls" | "length" | "filtered" | "other"): ModelEvent => ({
  type: "finish",
  reason,
});
const call = (more: object = {}): object => ({
  type: "tool-call",
  toolCallId: "t1",
  toolName: "weather",
  input: '{"city":"Oslo"}',
  ...more,
});

test.each([
  ["stop", "stop"],
  ["length", "length"],
  ["content-filter", "filtered"],
  ["other", "other"],
  ["tool-calls", "tool-calls"],
] as const)("the end %s is %s", (unified, reason) => {
  expect(read([end(unified)])).toEqual([spent, finish(reason)]);
});

test.each([
  ["P12 an end by an error", [end("error")], "provider_failed"],
  ["P12 an end that was interrupted", [endOf("interrupted")], "provider_no_end"],
  ["P12 an end for no reason of the provider's", [endOf("other")], "provider_no_end"],
  ["P12 no end", [{ type: "text-delta", id: "1", delta: "a" }], "provider_no_end"],
  ["P12 an error", [{ type: "error", error: { type: "overloaded_error", message: "no" } }], "provider_busy"],
  ["P12 a part that is none", [42], "provider_bad_stream"],
  ["P12 a part of null", [null], "provider_bad_stream"],
  ["P12 text that is none", [{ type: "text-delta", id: "1", delta: 42 }], "provider_bad_stream"],
  ["P12 a call without arguments", [call({ input: undefined })], "provider_bad_stream"],
  ["P12 a call of an object", [call({ input: {} })], "provider_bad_stream"],
  ["P12 a call without a name", [call({ toolName: "" })], "provider_bad_stream"],
  ["P12 an end that is none", [{ type: "finish", usage }], "provider_bad_stream"],
])("%s has a code", (_, parts, code) => {
  expect(read(parts).at(-1)).toBe(code);
});

test("a call comes with the end; what the provider ran itself does not", () => {
  const search = { toolCallId: "t2", toolName: "web_search", input: "{}", providerExecuted: true };
  expect(
    read([
      { type: "tool-input-start", id: "t2", toolName: "web_search", providerExecuted: true },
      call(search),
      { type: "tool-result", toolCallId: "t2", toolName: "web_search", result: {} },
      { type: "source", sourceType: "url", id: "s", url: "https://example.com" },
      { type: "something-new" },
      { type: "tool-input-start", id: "t1", toolName: "weather" },
      { type: "tool-input-delta", id: "t1", delta: '{"city":"Oslo"}' },
      { type: "tool-input-end", id: "t1" },
      call(),
      // Some say that they stop when they stop to be told what a tool gave.
      end("stop"),
    ]),
  ).toEqual([
    { type: "tool-call", name: "weather", arguments: '{"city":"Oslo"}' },
    spent,
    finish("tool-calls"),
  ]);
});

test("what a provider wants back with a call goes along; a call of nothing has no arguments", () => {
  const providerMetadata = { google: { thoughtSignature: "s1" } };
  expect(read([call({ input: "", providerMetadata }), end("tool-calls")])[0]).toEqual({
    type: "tool-call",
    name: "weather",
    arguments: "{}",
    native: providerMetadata,
  });
});

test("calls of an answer that was withheld or cut off are not made", () => {
  expect(read([call(), end("content-filter")])).toEqual([spent, finish("filtered")]);
  expect(read([call({ input: '{"city"' }), end("length")])).toEqual([spent, finish("length")]);
  const begun = { type: "tool-input-start", id: "t9", toolName: "weather" };
  expect(read([begun, end("length")])).toEqual([spent, finish("length")]);
  expect(read([begun, end("tool-calls")])).toEqual(["provider_no_end"]);
});

test("P5 endless arguments are given up, also those that come at once", () => {
  const delta = { type: "tool-input-delta", id: "t1", delta: "x".repeat(65_536) };
  let told = 0;
  const flood = function* (): Generator {
    for (; told < 1_000; told += 1) yield delta;
  };
  expect(read(flood())).toEqual(["too_long"]);
  expect(told).toBeLessThan(20);
  expect(read([call({ input: "x".repeat(10_000_000) })])).toEqual(["too_long"]);
  expect(read(Array.from({ length: 1_000 }, () => call()))).toEqual(["too_long"]);
});

const thought = (type: string, id: string, more: object = {}): object => ({
  type: `reasoning-${type}`,
  id,
  ...more,
});
test("thoughts are signed each for itself, with all that was said of them", () => {
  const parts = [
    thought("start", "a"),
    thought("delta", "a", { delta: "hm" }),
    thought("delta", "a", { delta: "", providerMetadata: { anthropic: { signature: "s1" } } }),
    thought("end", "a"),
    thought("start", "b", { providerMetadata: { anthropic: { redactedData: "xx" } } }),
    thought("end", "b"),
    thought("start", "c", { providerMetadata: { openai: { itemId: "rs" } } }),
    thought("delta", "c", { delta: "so" }),
    thought("end", "c", { providerMetadata: { openai: { reasoningEncryptedContent: "e" } } }),
    thought("start", "d"),
    thought("delta", "d", { delta: "unsigned" }),
    thought("end", "d"),
    thought("start", "e"),
    thought("end", "e"),
    end("stop"),
  ];
  const said = (text: string): ModelEvent => ({ type: "reasoning", text });
  const signed = (native: Record<string, unknown>): ModelEvent => ({ type: "reasoning", text: "", native });
  expect(read(parts)).toEqual([
    said("hm"),
    signed({ anthropic: { signature: "s1" } }),
    signed({ anthropic: { redactedData: "xx" } }),
    said("so"),
    signed({ openai: { itemId: "rs", reasoningEncryptedContent: "e" } }),
    said("unsigned"),
    signed({}),
    spent,
    finish("stop"),
  ]);
  // Where the turn cannot go on, nobody will ask for them.
  expect(read(parts, false)).toEqual([said("hm"), said("so"), said("unsigned"), spent, finish("stop")]);
});

test("usage that is not known is not told", () => {
  const unknown = { inputTokens: { total: undefined }, outputTokens: { total: 3 } };
  const parts = [{ type: "finish", usage: unknown, finishReason: { unified: "stop", raw: "stop" } }];
  expect(read(parts)).toEqual([finish("stop")]);
});
