import fc from "fast-check";
import { expect, test } from "vitest";
import { toColloquyError } from "../kernel/colloquy-error.ts";
import type { ModelEvent } from "./model.ts";
import { createOpenAiStream } from "./openai-stream.ts";

const data = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
const delta = (fields: object, reason: string | null = null): string =>
  data({ choices: [{ index: 0, delta: fields, finish_reason: reason }] });
const calls = (...pieces: object[]): string => delta({ tool_calls: pieces });
const end = (reason: string): string => `${delta({}, reason)}data: [DONE]\n\n`;

/** Everything that a stream of these chunks says, an error as its last line. */
const read = (chunks: Iterable<string>, signsThoughts = false): (ModelEvent | string)[] => {
  const events: (ModelEvent | string)[] = [];
  const stream = createOpenAiStream((event) => events.push(event), { signsThoughts });
  try {
    for (const chunk of chunks) stream.feed(Buffer.from(chunk));
    stream.end();
  } catch (error) {
    events.push(toColloquyError(error).code);
  }
  return events;
};

const call = (name: string, args: string): ModelEvent => ({ type: "tool-call", name, arguments: args });
const finish = (reason: "stop" | "tool-calls" | "length" | "filtered"): ModelEvent => ({
  type: "finish",
  reason,
});
const first = (index: number, id: string, name: string): object => ({
  index,
  id,
  type: "function",
  function: { name, arguments: "" },
});
const more = (index: number, args: string): object => ({ index, function: { arguments: args } });

test("calls come when their arguments are whole, in the order in which they began", () => {
  expect(
    read([
      calls(first(0, "a", "weather")),
      calls(more(0, '{"ci')),
      calls(first(1, "b", "time")),
      calls(more(1, "{}"), more(0, 'ty":"Makati"}')),
      end("tool_calls"),
    ]),
  ).toEqual([call("weather", '{"city":"Makati"}'), call("time", "{}"), finish("tool-calls")]);
});

const whole = (fields: object): object => ({ function: { name: "add", arguments: '{"a":1}' }, ...fields });
const other = (fields: object): object => ({ function: { name: "add", arguments: '{"a":2}' }, ...fields });
test.each<[string, string[]]>([
  ["whole, with an index each", [calls(whole({ index: 0, id: "x" }), other({ index: 1, id: "y" }))]],
  ["whole, all with index 0", [calls(whole({ index: 0, id: "x" })), calls(other({ index: 0, id: "y" }))]],
  ["whole, without an index", [calls(whole({ id: "x" }), other({ id: "y" }))]],
  ["whole, without index and id", [calls(whole({})), calls(other({}))]],
  ["whole, with an empty id", [calls(whole({ index: 0, id: "" })), calls(other({ index: 1, id: "" }))]],
  ["with a null index", [calls(whole({ index: null, id: "x" })), calls(other({ index: null, id: "y" }))]],
  [
    "as objects",
    [
      calls(
        { index: 0, id: "x", function: { name: "add", arguments: { a: 1 } } },
        { index: 1, id: "y", function: { name: "add", arguments: { a: 2 } } },
      ),
    ],
  ],
  [
    "in pieces, each with an id of its own",
    [
      calls(first(0, "r1", "add")),
      calls({ ...more(0, '{"a"'), id: "r2" }),
      calls({ ...more(0, ":1}"), id: "r3" }),
      calls(first(1, "r4", "add")),
      calls({ ...more(1, '{"a":2}'), id: "r5" }),
    ],
  ],
  [
    "in pieces, each with the name",
    [
      calls({ index: 0, function: { name: "add", arguments: '{"a"' } }),
      calls({ index: 0, function: { name: "add", arguments: ":1}" } }),
      calls({ index: 1, function: { name: "add", arguments: '{"a":2}' } }),
    ],
  ],
  [
    "in pieces without an index",
    [
      calls({ id: "x", function: { name: "add", arguments: '{"a"' } }),
      calls({ function: { arguments: ":1}" } }),
      calls({ id: "y", function: { name: "add", arguments: '{"a":2}' } }),
    ],
  ],
  [
    "as one whole message",
    [
      data({
        choices: [{ message: { content: null, tool_calls: [whole({ id: "x" }), other({ id: "y" })] } }],
      }),
    ],
  ],
])("two calls %s", (_, chunks) => {
  const said = [call("add", '{"a":1}'), call("add", '{"a":2}'), finish("tool-calls")];
  for (const reason of ["tool_calls", "stop", "function_call"]) {
    expect(read([...chunks, end(reason)])).toEqual(said);
  }
  expect(read([...chunks, "data: [DONE]\n\n"])).toEqual(said);
});

test("a call without arguments has none", () => {
  const events = [call("now", "{}"), finish("tool-calls")];
  expect(read([calls(first(0, "a", "now")), end("tool_calls")])).toEqual(events);
  expect(read([calls({ index: 0, function: { name: "now", arguments: null } }), end("stop")])).toEqual(
    events,
  );
});

test("arguments that are no JSON are the turn's affair", () => {
  expect(read([calls(first(0, "a", "add"), more(0, "{a:")), end("tool_calls")])).toEqual([
    call("add", "{a:"),
    finish("tool-calls"),
  ]);
});

test("a call that the limit of length cut off is left out, those before it are not", () => {
  expect(
    read([calls(whole({ index: 0, id: "x" })), calls(first(1, "y", "add"), more(1, '{"a"')), end("length")]),
  ).toEqual([call("add", '{"a":1}'), finish("tool-calls")]);
  expect(read([calls(first(0, "y", "add"), more(0, '{"a"')), end("length")])).toEqual([finish("length")]);
});

test("calls of an answer that was withheld are withheld", () => {
  expect(read([calls(whole({ index: 0, id: "x" })), end("content_filter")])).toEqual([finish("filtered")]);
});

test("P12 a call without an end is provider_no_end, and is not made", () => {
  expect(read([calls(first(0, "a", "add")), calls(more(0, '{"a":'))])).toEqual(["provider_no_end"]);
});

test.each<[string, string]>([
  ["calls that are no list", delta({ tool_calls: "add" })],
  ["a call that is none", delta({ tool_calls: [42] })],
  ["a call of nothing", delta({ tool_calls: [{ index: 0, id: "a" }] })],
  ["a call without a name", calls(more(0, "{}")) + end("tool_calls")],
])("P12 %s is provider_bad_stream", (_, chunks) => {
  expect(read([chunks]).at(-1)).toBe("provider_bad_stream");
});

test("P5 10 MB of arguments are given up at 1 MiB", () => {
  let fed = 0;
  const piece = "x".repeat(64 * 1024);
  const flood = function* (): Generator<string> {
    yield calls(first(0, "a", "add"));
    for (; fed < 10 * 1024 * 1024; fed += piece.length) yield calls(more(0, piece));
  };
  expect(read(flood())).toEqual(["too_long"]);
  expect(fed).toBeLessThanOrEqual(1024 * 1024);
});

test("P5 calls without number are given up", () => {
  const flood = Array.from({ length: 1_000 }, (_, n) => calls(first(n, `c${n}`, "add")));
  expect(read(flood)).toEqual(["too_long"]);
});

test("thoughts say under which name they came, once each, where they are to be given back", () => {
  const thought = (text: string): ModelEvent => ({ type: "reasoning", text });
  const signed = (field: string): ModelEvent => ({ type: "reasoning", text: "", native: { field } });
  const chunks = [
    delta({ reasoning_content: "h" }),
    delta({ reasoning_content: "m" }),
    delta({ content: "a" }),
    delta({ reasoning: "so" }),
    calls(whole({ index: 0, id: "x" })),
    end("tool_calls"),
  ];
  expect(read(chunks, true)).toEqual([
    thought("h"),
    thought("m"),
    signed("reasoning_content"),
    { type: "text", text: "a" },
    thought("so"),
    signed("reasoning"),
    call("add", '{"a":1}'),
    finish("tool-calls"),
  ]);
  expect(read(chunks).filter((event) => typeof event === "object" && "native" in event)).toEqual([]);
});

test("any cut of any arguments gives the same calls", () => {
  const made = fc.array(fc.record({ name: fc.constantFrom("a", "b"), args: fc.json() }), { maxLength: 4 });
  fc.assert(
    fc.property(made, fc.infiniteStream(fc.nat({ max: 7 })), (wanted, sizes) => {
      const chunks = wanted.flatMap(({ name, args }, index) => {
        const pieces = [calls(first(index, `id${index}`, name))];
        for (let at = 0; at < args.length;) {
          const size = 1 + Number(sizes.next().value);
          pieces.push(calls(more(index, args.slice(at, at + size))));
          at += size;
        }
        return pieces;
      });
      expect(read([...chunks, end("tool_calls")]).slice(0, -1)).toEqual(
        wanted.map(({ name, args }) => call(name, args.trim() || "{}")),
      );
    }),
  );
});
