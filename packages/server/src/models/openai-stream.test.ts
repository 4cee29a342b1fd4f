import fc from "fast-check";
import { expect, test } from "vitest";
import { toColloquyError } from "../kernel/colloquy-error.ts";
import type { ModelEvent } from "./model.ts";
import { createOpenAiStream } from "./openai-stream.ts";

/** Everything that a stream of these bytes says, an error as its last line. */
const read = (pieces: readonly (string | Uint8Array)[], ended = true): (ModelEvent | string)[] => {
  const events: (ModelEvent | string)[] = [];
  const stream = createOpenAiStream((event) => events.push(event));
  try {
    for (const piece of pieces) stream.feed(Buffer.from(piece));
    if (ended) stream.end();
  } catch (error) {
    events.push(toColloquyError(error).code);
  }
  return events;
};

const text = (said: string): ModelEvent => ({ type: "text", text: said });
const thought = (said: string): ModelEvent => ({ type: "reasoning", text: said });
const stop: ModelEvent = { type: "finish", reason: "stop" };
const spent: ModelEvent = { type: "usage", usage: { inputTokens: 3, outputTokens: 2 } };

const data = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
const delta = (fields: object, reason: string | null = null): string =>
  data({ choices: [{ index: 0, delta: fields, finish_reason: reason }] });
const done = "data: [DONE]\n\n";

test("text, thoughts, usage and the end, in the order in which they were said", () => {
  expect(
    read([
      delta({ role: "assistant", content: "" }),
      delta({ reasoning_content: "hm", content: null }),
      delta({ content: "Hel" }),
      delta({ content: "lo" }),
      delta({}, "stop"),
      data({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } }),
      done,
    ]),
  ).toEqual([thought("hm"), text("Hel"), text("lo"), spent, stop]);
});

const variants: readonly (readonly [string, string])[] = [
  [
    "without a space after data:",
    `data:${JSON.stringify({ choices: [{ delta: { content: "a" } }] })}\n\ndata:[DONE]\n\n`,
  ],
  ["with CRLF", `${delta({ content: "a" })}${done}`.replaceAll("\n", "\r\n")],
  ["with CR alone", `${delta({ content: "a" })}${done}`.replaceAll("\n", "\r")],
  ["with a byte order mark", `\uFEFF${delta({ content: "a" })}${done}`],
  ["with comments", `: OPENROUTER PROCESSING\n\n${delta({ content: "a" })}: ping\n\n${done}`],
  ["with event names and ids", `event: message\nid: 7\n${delta({ content: "a" })}${done}`],
  ["with empty data", `data:\n\n${delta({ content: "a" })}data: \n\n${done}`],
  ["with JSON over several lines", `data: {"choices":\ndata: [{"delta":{"content":"a"}}]}\n\n${done}`],
  ["with spaces around [DONE]", `${delta({ content: "a" })}data:  [DONE] \n\n`],
  ["without an empty line after [DONE]", `${delta({ content: "a" })}data: [DONE]`],
  ["with something after [DONE]", `${delta({ content: "a" })}${done}data: nonsense\n\n`],
  [
    "with fields left out",
    `${data({})}${data({ choices: [{}] })}${data({ choices: [{ delta: { content: "a" } }] })}${done}`,
  ],
  [
    "with fields set to null",
    `${data({ choices: [{ delta: null, finish_reason: null }], usage: null, error: null })}${delta({ content: "a", reasoning: null, tool_calls: null })}${done}`,
  ],
  [
    "with filter results first",
    `${data({ choices: [], prompt_filter_results: [] })}${delta({ content: "a" }, "stop")}${done}`,
  ],
  [
    "with an empty finish_reason",
    `${data({ choices: [{ delta: { content: "a" }, finish_reason: "" }] })}${done}`,
  ],
  [
    "with another choice",
    `${delta({ content: "a" })}${data({ choices: [{ index: 1, delta: { content: "b" } }] })}${done}`,
  ],
  [
    "as one whole message",
    `${data({ choices: [{ message: { content: "a" }, finish_reason: "stop" }] })}${done}`,
  ],
  ["as a refusal", `${delta({ content: null, refusal: "a" })}${done}`],
  ["as parts", `${delta({ content: [{ type: "text", text: "a" }] })}${done}`],
];
test.each(variants)("a stream %s", (_, stream) => {
  expect(read([stream])).toEqual([text("a"), stop]);
});

test.each([
  ["reasoning", { reasoning: "hm" }],
  ["reasoning_content", { reasoning_content: "hm" }],
  ["both, repeated", { reasoning: "hm", reasoning_content: "hm" }],
  ["thinking parts", { content: [{ type: "thinking", thinking: [{ type: "text", text: "hm" }] }] }],
])("thoughts under %s", (_, fields) => {
  expect(read([delta(fields), delta({ content: "a" }), done])).toEqual([thought("hm"), text("a"), stop]);
});

test.each([
  ["stop", "stop"],
  ["eos", "stop"],
  ["end_turn", "stop"],
  ["length", "length"],
  ["max_tokens", "length"],
  ["content_filter", "filtered"],
  ["tool_calls", "tool-calls"],
  ["function_call", "tool-calls"],
  ["whatever", "other"],
])("finish_reason %s means %s", (reason, meant) => {
  expect(read([delta({ content: "a" }, reason), done])).toEqual([
    text("a"),
    { type: "finish", reason: meant },
  ]);
});

test.each([
  [
    "with the last chunk",
    delta({ content: "a" }) +
      data({
        choices: [{ delta: {}, finish_reason: "stop" }],
        usage: { prompt_tokens: 3, completion_tokens: 2 },
      }),
  ],
  [
    "under x_groq",
    delta({ content: "a" }) +
      data({
        choices: [{ delta: {}, finish_reason: "stop" }],
        x_groq: { usage: { prompt_tokens: 3, completion_tokens: 2 } },
      }),
  ],
  [
    "in every chunk",
    data({ choices: [{ delta: { content: "a" } }], usage: { prompt_tokens: 3, completion_tokens: 1 } }) +
      data({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } }),
  ],
  [
    "by other names",
    delta({ content: "a" }) + data({ choices: [], usage: { input_tokens: 3, output_tokens: 2 } }),
  ],
])("usage %s is told once, before the end", (_, stream) => {
  expect(read([stream, done])).toEqual([text("a"), spent, stop]);
});

test.each([
  ["P12 JSON that is none", `data: {"choices": [\n\n`, "provider_bad_stream"],
  ["P12 JSON that is no object", "data: 42\n\n", "provider_bad_stream"],
  ["P12 content that is no text", delta({ content: 42 }), "provider_bad_stream"],
  ["P12 an error object", data({ error: { message: "no", code: 429 } }), "provider_busy"],
  ["P12 an error by its event name", "event: error\ndata: it broke\n\n", "provider_failed"],
  [
    "P12 an error beside choices",
    data({ error: { code: 502 }, choices: [{ delta: {}, finish_reason: "error" }] }),
    "provider_failed",
  ],
  ["P12 no end", delta({ content: "b" }), "provider_no_end"],
  ["P12 an end within an event", 'data: {"choices": [{"del', "provider_no_end"],
  ["P12 an event that is too long", `data: ${"x".repeat(600_000)}`.repeat(3), "provider_bad_stream"],
  ["P12 an endless event of many lines", `data: ${"x".repeat(300_000)}\n`.repeat(5), "provider_bad_stream"],
])("%s fails with a code of its own, after the text before it", (_, bad, code) => {
  const events = read([delta({ content: "a" }), ...(bad.match(/[^]{1,65536}/g) ?? [])]);
  expect(events[0]).toEqual(text("a"));
  expect(events.at(-1)).toBe(code);
});

test("a finish_reason is an end, even without [DONE]: the answer is known to be whole", () => {
  expect(read([delta({ content: "a" }, "stop")])).toEqual([text("a"), stop]);
});

test("usage that was told before a stream breaks off is not lost", () => {
  const events: ModelEvent[] = [];
  const stream = createOpenAiStream((event) => events.push(event));
  stream.feed(
    Buffer.from(
      data({ choices: [{ delta: { content: "a" } }], usage: { prompt_tokens: 3, completion_tokens: 2 } }),
    ),
  );
  stream.broken();
  stream.broken();
  expect(events).toEqual([text("a"), spent]);
});

test("P4 any split of the same bytes says the same", () => {
  const said = fc.string({ unit: "binary", minLength: 1 }).map((value) => value.toWellFormed());
  const chunk = fc.oneof(
    said.map((content) => delta({ content })),
    said.map((content) => delta({ reasoning: content })),
    said.map((comment) => `: ${comment.replaceAll(/[\r\n]/g, "")}\n\n`),
    fc.constant(data({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } })),
  );
  const stream = fc.record({
    chunks: fc.array(chunk, { maxLength: 8 }),
    lineEnd: fc.constantFrom("\n", "\r\n"),
    end: fc.constantFrom(done, delta({}, "length") + done, delta({}, "stop"), ""),
    cuts: fc.array(fc.nat({ max: 2_000 }), { maxLength: 12 }),
  });
  fc.assert(
    fc.property(stream, ({ chunks, lineEnd, end, cuts }) => {
      const bytes = Buffer.from([...chunks, end].join("").replaceAll("\n", lineEnd));
      const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
      const pieces = places.slice(1).map((place, index) => bytes.subarray(places[index], place));
      expect(read(pieces)).toEqual(read([bytes]));
      // One byte at a time is the hardest split of all.
      expect(read(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(read([bytes]));
    }),
    { numRuns: 300 },
  );
});
