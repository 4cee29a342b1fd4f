import { expect, test } from "vitest";
import { asking } from "../../../../tests/stand-ins/ask.ts";
import type { ModelMessage, ModelRequest, ToolSpec } from "./model.ts";
import { openAiBody, openAiFiles } from "./openai-request.ts";

const weather: ToolSpec = {
  name: "weather",
  description: "The weather of a place",
  parameters: { type: "object", properties: { city: { type: "string" } } },
};

const messagesOf = (request: Partial<ModelRequest>, files: readonly string[] = openAiFiles): unknown => {
  const body = openAiBody({ id: "openai:m", model: "m", files, body: undefined }, asking("", request), {
    usage: false,
    thinksWithoutTools: false,
  });
  return Reflect.get(body, "messages");
};

const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** A turn that has called two tools, one of which failed, after an earlier turn with a call. */
const history: readonly ModelMessage[] = [
  { role: "user", text: "Hot in Makati?" },
  {
    role: "assistant",
    text: "",
    calls: [{ callId: "call_1_1", name: "weather", arguments: '{"city":"Makati"}' }],
  },
  { role: "tool", callId: "call_1_1", name: "weather", text: "31 °C" },
  { role: "assistant", text: "Yes." },
  { role: "user", text: "And in Oslo and Rome?" },
  {
    role: "assistant",
    text: "Let me see.",
    reasoning: [
      { text: "hm", native: { model: "openai:m", data: { field: "reasoning_content" } } },
      { text: "foreign", native: { model: "anthropic:x", data: { anthropic: { signature: "s" } } } },
    ],
    calls: [
      { callId: "call_5_1", name: "weather", arguments: '{"city":"Oslo"}' },
      { callId: "call_5_2", name: "weather", arguments: "{city:" },
    ],
  },
  { role: "tool", callId: "call_5_1", name: "weather", text: "-3 °C" },
  { role: "tool", callId: "call_5_2", name: "weather", text: "These arguments are no JSON.", failed: true },
];

test("calls, results and one's own thoughts are given back", () => {
  const called = (id: string, args: object) => ({
    id,
    type: "function",
    function: { name: "weather", arguments: JSON.stringify(args) },
  });
  expect(messagesOf({ messages: history, tools: [weather] })).toEqual([
    { role: "user", content: "Hot in Makati?" },
    { role: "assistant", content: "", tool_calls: [called("call_1_1", { city: "Makati" })] },
    { role: "tool", tool_call_id: "call_1_1", content: "31 °C" },
    { role: "assistant", content: "Yes." },
    { role: "user", content: "And in Oslo and Rome?" },
    {
      role: "assistant",
      content: "Let me see.",
      reasoning_content: "hm",
      tool_calls: [called("call_5_1", { city: "Oslo" }), called("call_5_2", { unreadable: "{city:" })],
    },
    { role: "tool", tool_call_id: "call_5_1", content: "-3 °C" },
    { role: "tool", tool_call_id: "call_5_2", content: "These arguments are no JSON." },
  ]);
});

test("without tools the history has words only, and the turn what its calls gave", () => {
  expect(messagesOf({ messages: history })).toEqual([
    { role: "user", content: "Hot in Makati?" },
    { role: "assistant", content: "Yes." },
    { role: "user", content: "And in Oslo and Rome?" },
    { role: "assistant", content: "Let me see." },
    { role: "user", content: "[weather gave:]\n-3 °C" },
    { role: "user", content: "[weather gave:]\nThese arguments are no JSON." },
  ]);
});

test("tools are told with their schema", () => {
  const options = { id: "openai:m", model: "m", files: openAiFiles, body: { reasoning_effort: "high" } };
  const request = asking("Hi", { tools: [weather] });
  expect(openAiBody(options, request, { usage: true, thinksWithoutTools: false })).toMatchObject({
    tools: [{ type: "function", function: weather }],
    reasoning_effort: "high",
    stream_options: { include_usage: true },
  });
  const unthinking = { usage: true, thinksWithoutTools: true };
  expect(openAiBody(options, request, unthinking)).toMatchObject({ reasoning_effort: "none" });
  expect(openAiBody(options, asking("Hi"), unthinking)).toMatchObject({ reasoning_effort: "high" });
  expect(openAiBody(options, asking("Hi", { tools: [] }), unthinking)).not.toHaveProperty("tools");
});

test("images go as data URLs, PDFs as files, text as text", () => {
  const files = [
    { name: "cat.png", type: "image/png", data: "iVBOR" },
    { name: "report.pdf", type: "application/pdf", data: "JVBER" },
    { name: 'a "b".csv', type: "text/csv; charset=utf-8", data: base64("x,y\n1,2") },
    { name: "ld.json", type: "application/ld+json", data: base64("{}") },
  ];
  expect(messagesOf({ messages: [{ role: "user", text: "What is this?", files }] })).toEqual([
    {
      role: "user",
      content: [
        { type: "image_url", image_url: { url: "data:image/png;base64,iVBOR" } },
        { type: "file", file: { filename: "report.pdf", file_data: "data:application/pdf;base64,JVBER" } },
        { type: "text", text: '<file name="a b .csv">\nx,y\n1,2\n</file>' },
        { type: "text", text: '<file name="ld.json">\n{}\n</file>' },
        { type: "text", text: "What is this?" },
      ],
    },
  ]);
});

test("a file that the model cannot take is told of, so that the conversation can go on", () => {
  const files = [{ name: "cat.png", type: "image/png", data: "iVBOR" }];
  expect(messagesOf({ messages: [{ role: "user", text: "", files }] }, ["text/*"])).toEqual([
    {
      role: "user",
      content: [
        {
          type: "text",
          text: '[A file, "cat.png" (image/png), was sent along, but this model cannot take files of that kind.]',
        },
      ],
    },
  ]);
});
