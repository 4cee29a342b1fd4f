import { expect, test } from "vitest";
import { asking, hear } from "../../../../tests/stand-ins/ask.ts";
import { manualClock } from "../../../../tests/stand-ins/manual-clock.ts";
import { createDemoToolsModel } from "./demo-tools-model.ts";
import type { ModelMessage, ToolSpec } from "./model.ts";

const tool = (name: string, parameter: string, description = `${name}.`): ToolSpec => ({
  name,
  description,
  parameters: {
    type: "object",
    properties: { units: { enum: ["metric"], type: "string" }, [parameter]: { type: "string" } },
  },
});
const tools: readonly ToolSpec[] = [
  tool("weather", "place"),
  tool("current_time", "time_zone"),
  tool("calculator", "expression"),
  tool("fetch_page", "url"),
  { ...tool("send_mail", "text", "Sends a mail. Somebody must agree first.") },
];

const say = async (messages: readonly ModelMessage[], given: readonly ToolSpec[] = tools) => {
  const clock = manualClock();
  const heard = hear(createDemoToolsModel({ clock }), asking("", { messages, tools: given }));
  while (clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
  while (clock.pending > 0) clock.advance(30);
  const { text, events, error } = await heard;
  expect(error).toBeUndefined();
  const calls = events.flatMap((event) =>
    event.type === "tool-call" ? [[event.name, event.arguments]] : [],
  );
  return { text, calls, end: events.at(-1) };
};
const ask = (text: string, given = tools) => say([{ role: "user", text }], given);

test.each<[string, [string, object][]]>([
  ["weather in Makati", [["weather", { place: "Makati" }]]],
  ["What's the weather in New York today?", [["weather", { place: "New York" }]]],
  [
    "weather in Oslo and Rome",
    [
      ["weather", { place: "Oslo" }],
      ["weather", { place: "Rome" }],
    ],
  ],
  ["what time is it in Tokyo?", [["current_time", { time_zone: "Asia/Tokyo" }]]],
  ["what time is it?", [["current_time", {}]]],
  ["time in Xanadu", [["current_time", {}]]],
  ["calculate (2 + 3) * sqrt(2)", [["calculator", { expression: "(2 + 3) * sqrt(2)" }]]],
  ["What is 15% of 80?", [["calculator", { expression: "15% of 80" }]]],
  ["fetch https://example.com/a?b=c, please", [["fetch_page", { url: "https://example.com/a?b=c" }]]],
  [
    "weather in Oslo and what time is it in Paris?",
    [
      ["weather", { place: "Oslo" }],
      ["current_time", { time_zone: "Europe/Paris" }],
    ],
  ],
  ['use send_mail with {"text": "Hi"}', [["send_mail", { text: "Hi" }]]],
  ["call the tool fetch_page: https://example.com", [["fetch_page", { url: "https://example.com" }]]],
  ["call a tool that needs approval", [["send_mail", {}]]],
])("%j calls what fits", async (prompt, wanted) => {
  const { calls, end } = await ask(prompt);
  expect(calls.map(([name, args = ""]) => [name, JSON.parse(args)])).toEqual(wanted);
  expect(end).toEqual({ type: "finish", reason: "tool-calls" });
});

test.each(["hello", "time flies when you are having fun, they say", "what is love?", "approve of me"])(
  "%j calls nothing by accident, and is told what there is",
  async (prompt) => {
    const { text, calls, end } = await ask(prompt, tools.slice(0, 4));
    expect(calls).toEqual([]);
    expect(text).toContain("- **weather**: weather.");
    expect(end).toEqual({ type: "finish", reason: "stop" });
  },
);

test("without tools it says so", async () => {
  expect((await ask("weather in Oslo", [])).text).toContain("here I was given none");
  expect((await ask("weather in Oslo", [tool("current_time", "time_zone")])).calls).toEqual([]);
});

test("step by step: what comes after `then` is called when the first is there, then all is worded", async () => {
  const user: ModelMessage = { role: "user", text: "calculate 2+2, then what time is it in Tokyo?" };
  const first = await say([user]);
  expect([first.text, first.calls]).toEqual([
    "Let me ask **calculator**.\n\n",
    [["calculator", '{"expression":"2+2"}']],
  ]);
  const done = (callId: string, name: string, text: string, failed = false): readonly ModelMessage[] => [
    { role: "assistant", text: "", calls: [{ callId, name, arguments: "{}" }] },
    { role: "tool", callId, name, text, failed },
  ];
  const one = done("call_1_1", "calculator", "4");
  const second = await say([user, ...one]);
  expect(second.calls).toEqual([["current_time", '{"time_zone":"Asia/Tokyo"}']]);
  const last = await say([user, ...one, ...done("call_1_2", "current_time", "Denied: not now.", true)]);
  expect(last.calls).toEqual([]);
  expect(last.text).toMatch(
    /\*\*calculator\*\* gave:\n\n> 4\n\n\*\*current_time\*\* could not do it:\n\n> Denied: not now\./,
  );
  expect(last.text).toContain("I am a demo");
});

test("earlier turns are past: their calls and results are not looked at", async () => {
  const { calls } = await say([
    { role: "user", text: "what time is it?" },
    { role: "assistant", text: "", calls: [{ callId: "call_1_1", name: "current_time", arguments: "{}" }] },
    { role: "tool", callId: "call_1_1", name: "current_time", text: "noon" },
    { role: "assistant", text: "Noon." },
    { role: "user", text: "weather in Oslo" },
  ]);
  expect(calls).toEqual([["weather", '{"place":"Oslo"}']]);
});

test("P5 long results are shortened, and stay well-formed", async () => {
  const { text } = await say([
    { role: "user", text: "fetch https://example.com" },
    { role: "assistant", text: "", calls: [{ callId: "call_1_1", name: "fetch_page", arguments: "{}" }] },
    { role: "tool", callId: "call_1_1", name: "fetch_page", text: "😀".repeat(50_000) },
  ]);
  expect(text.length).toBeLessThan(2_000);
  expect(text.isWellFormed()).toBe(true);
});

test("P12 any length and shape of prompt is looked through in no time", async () => {
  for (const part of ["weather in ", "time at a ", "calculate 1 ", "use the ", "https://", "in in in "]) {
    const { calls } = await ask(part.repeat(100_000));
    expect(calls.length).toBeLessThan(10);
  }
}, 5_000);
