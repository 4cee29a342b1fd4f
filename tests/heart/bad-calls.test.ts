import { expect, test } from "vitest";
import { calls, createScriptedModel, type Script } from "../../packages/server/src/models/scripted-model.ts";
import type { Tool } from "../../packages/server/src/tools/tool.ts";
import { until } from "../stand-ins/until.ts";
import { ada, makeBed, type BedOptions } from "./bed.ts";
import { ask, careful, isWhole, logOf, once, ownOf, tool } from "./tool-kit.ts";

const stage = async (script: Script, tools: readonly Tool[], more: Partial<BedOptions> = {}) => {
  const model = createScriptedModel(script);
  const bed = await makeBed({ model, ...more, assistant: { tools: () => tools } });
  return { ...bed, model, ear: bed.listen("channel:a").ear };
};

/** What the model reads of the calls of its first step. */
const outcomes = async (script: Script, tools: readonly Tool[]): Promise<string[]> => {
  const bed = await stage(script, tools);
  await bed.ear.untilEnded(await ask(bed));
  expect(bed.ear.ends.get(1)).toBe("completed");
  const { request } = bed.model.calls[1] ?? { request: { messages: [] } };
  expect(isWhole(request)).toBe(true);
  return ownOf(request).flatMap((one) => (one.role === "tool" ? [one.text] : []));
};

test("P10 P12 calls that cannot be run are answered, not run, and never end the turn", async () => {
  const t = tool("t", undefined, { misfit: ({ city }) => (city === 1 ? "city must be a text" : undefined) });
  const raw = (args: string) => ({ type: "tool-call" as const, name: "t", arguments: args });
  expect(
    await outcomes(
      once(calls("nobody"), raw("{oops"), raw("[1]"), raw('"text"'), calls("t", { city: 1 }), raw("  ")),
      [t],
    ),
  ).toEqual([
    "There is no such tool. There are: t.",
    "The arguments are not a JSON object.",
    "The arguments are not a JSON object.",
    "The arguments are not a JSON object.",
    "city must be a text",
    "t {}",
  ]);
  expect(t.ran.length).toBe(1);
});

test("P10 a model that was told of no tools and calls one is told that there is none", async () => {
  expect(await outcomes(once(calls("nobody")), [])).toEqual(["There is no such tool."]);
});

test("P5 ten megabytes of arguments are refused, and the log keeps only their beginning", async () => {
  const t = tool("t");
  const huge = { type: "tool-call" as const, name: "n".repeat(10_000_000), arguments: "{}" };
  const long = calls("t", { text: "x".repeat(10_000_000) });
  const bed = await stage(once(long, huge), [t]);
  await bed.ear.untilEnded(await ask(bed));
  const log = await logOf(bed);
  expect(JSON.stringify(log).length).toBeLessThan(10_000);
  expect(log.filter((entry) => entry.kind === "tool-result").map(({ content }) => content)).toEqual([
    expect.stringContaining("The arguments are too long: 10000011 characters"),
    "There is no such tool. There are: t.",
  ]);
  const [said] = ownOf(bed.model.calls[1]?.request ?? { messages: [] });
  expect(said).toMatchObject({ calls: [{ arguments: "{}" }, { name: "n".repeat(64) }] });
  expect([t.ran.length, bed.ear.ends.get(1)]).toEqual([0, "completed"]);
});

test("P5 a model that makes calls without end is stopped", async () => {
  const bed = await stage(
    function* () {
      for (;;) yield calls("t");
    },
    [tool("t")],
  );
  await bed.ear.untilEnded(await ask(bed));
  expect(bed.ear.ends.get(1)).toBe("too_many_steps");
  const log = await logOf(bed);
  expect(log.filter(({ kind }) => kind === "tool-call").length).toBe(128);
  expect(log.filter(({ kind }) => kind === "tool-result").length).toBe(128);
});

test("P5 arguments that are long again and again end the turn: too_long", async () => {
  const long = calls("t", { text: "x".repeat(200_000) });
  const bed = await stage(once(...Array.from({ length: 30 }, () => long)), [tool("t")]);
  await bed.ear.untilEnded(await ask(bed));
  expect(bed.ear.ends.get(1)).toBe("too_long");
});

test("P5 so they do where the turn waits for somebody between them", async () => {
  const script = [calls("t", { text: "x".repeat(200_000) })];
  const model = createScriptedModel(() => script, { contextTokens: 100_000_000 });
  const made = await makeBed({ model, assistant: { tools: () => [careful("t")] } });
  const bed = { ...made, ear: made.listen("channel:a").ear };
  await ask(bed);
  for (let k = 1; !bed.ear.ends.has(1); k += 1) {
    await until(() => bed.meter.waiting === 1 || bed.ear.ends.has(1));
    if (bed.meter.waiting === 1)
      await bed.heart.decide(ada, "channel:a", { callId: `call_1_${k}`, verdict: "denied" });
  }
  expect(bed.ear.ends.get(1)).toBe("too_long");
});

test("the same call is refused after it has failed three times, however its arguments are written", async () => {
  const t = tool("t", () => {
    throw new Error("No such city.");
  });
  const forms = ['{"a":1,"b":[{"c":2,"d":3}]}', '{ "b":[{"d":3,"c":2}], "a":1 }'];
  const bed = await stage(
    (_, call) =>
      call <= 5
        ? [{ type: "tool-call", name: "t", arguments: forms[call % 2] ?? "" }]
        : call === 6
          ? [calls("t", { a: 2 })]
          : ["Done."],
    [t],
  );
  await bed.ear.untilEnded(await ask(bed));
  const log = await logOf(bed);
  const refused = "Refused: the same call has failed 3 times. Do something else.";
  expect(log.flatMap((entry) => (entry.kind === "tool-result" ? [entry.content] : []))).toEqual([
    ...Array.from({ length: 3 }, () => "No such city."),
    refused,
    refused.replace("3", "4"),
    "No such city.",
  ]);
  expect(t.ran.length).toBe(4);
});

const odd: readonly [string, () => unknown][] = [
  ["undefined", () => Promise.reject(undefined)],
  ["null", () => Promise.reject(null)],
  ["a symbol", () => Promise.reject(Symbol("s"))],
  ["an object without a prototype", () => Promise.reject(Object.create(null))],
  [
    "an error whose message throws",
    () =>
      Promise.reject(
        Object.defineProperty(new Error(), "message", {
          get: () => {
            throw new Error("no");
          },
        }),
      ),
  ],
  [
    "a proxy that throws at everything",
    () =>
      Promise.reject(
        new Proxy(
          {},
          {
            get: () => {
              throw new Error("no");
            },
            getPrototypeOf: () => {
              throw new Error("no");
            },
          },
        ),
      ),
  ],
];

test.each(odd)("P10 a tool that throws %s has failed, and the turn goes on", async (_what, does) => {
  const [said] = await outcomes(once(calls("t")), [tool("t", does)]);
  expect(said).toMatch(/\w/);
});

test("P10 a tool that throws before it has begun, gives no text, or has a cycle in it, is no trouble either", async () => {
  const cycle: Record<string, unknown> = {};
  cycle["self"] = cycle;
  const explode = (): never => {
    throw new Error("boom");
  };
  const tools = [
    tool("sync", undefined, { run: explode }),
    tool("object", () => ({ a: 1 })),
    tool("nothing", () => undefined),
    tool("cycle", () => cycle),
    tool("lone", () => "\ud800"),
    tool("misfit", undefined, { misfit: explode }),
    tool("progress", () => "fine", { progress: explode }),
  ];
  const said = await outcomes(once(...tools.map(({ name }) => calls(name))), tools);
  expect(said).toEqual([
    "boom",
    '{"a":1}',
    "",
    expect.stringContaining("circular"),
    "\ufffd",
    "boom",
    "fine",
  ]);
});

test("P5 a result is cut to what its tool may give, and says so", async () => {
  const [said] = await outcomes(once(calls("t")), [tool("t", () => "😀".repeat(1_000), { resultChars: 9 })]);
  expect(said).toBe(`${"😀".repeat(4)}\n[Cut here: 9 of 2000 characters are shown.]`);
});
