import fc from "fast-check";
import { expect, test } from "vitest";
import { asking, hear } from "../../../../tests/stand-ins/ask.ts";
import { manualClock } from "../../../../tests/stand-ins/manual-clock.ts";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import { createDemoEchoModel } from "./demo-echo-model.ts";
import { createDemoGuideModel } from "./demo-guide-model.ts";
import type { Model } from "./model.ts";
import { words } from "./paced-text.ts";

/** Hears a paced model on a clock that goes on by itself. */
const hearAll = async (make: (clock: ReturnType<typeof manualClock>) => Model, prompt: string) => {
  const clock = manualClock();
  const heard = hear(make(clock), asking(prompt));
  while (clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
  while (clock.pending > 0) clock.advance(30);
  return heard;
};

const iterate = (model: Model, prompt: string) =>
  model.stream(asking(prompt), new AbortController().signal)[Symbol.asyncIterator]();

test("words joined again are the text", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("a", "é", " ", "\n", "😀") }),
      (text) => words(text).join("") === text,
    ),
  );
  expect(words("  Hel lo\n\nyou ")).toEqual(["  ", "Hel ", "lo\n\n", "you "]);
});

test("demo:echo says the prompt again, word by word", async () => {
  const heard = await hearAll((clock) => createDemoEchoModel({ clock }), "one two  three");
  expect(heard.events).toEqual([
    { type: "text", text: "one " },
    { type: "text", text: "two  " },
    { type: "text", text: "three" },
    { type: "finish", reason: "stop" },
  ]);
});

test("demo:guide says the same to the same prompt, and where the page is", async () => {
  const make = (clock: ReturnType<typeof manualClock>) =>
    createDemoGuideModel({ clock, page: "http://localhost:1234/" });
  const [first, second] = [
    await hearAll(make, "how do I connect?"),
    await hearAll(make, "how do I connect?"),
  ];
  expect(first.text).toBe(second.text);
  expect(first.text).toContain('new WebSocket("ws://localhost:1234/ws")');
  expect(first.error).toBeUndefined();
});

test("the first word comes at once, the others at the pace of the clock", async () => {
  const clock = manualClock();
  const model = createDemoEchoModel({ clock, everyMs: 50 });
  const events = iterate(model, "one two");
  expect(await events.next()).toMatchObject({ value: { text: "one " } });
  const second = events.next();
  clock.advance(50);
  expect(await second).toMatchObject({ value: { text: "two" } });
});

test("P9 an abort stops the talking and the timer", async () => {
  const clock = manualClock();
  const stopping = new AbortController();
  const reason = new ColloquyError("cancelled");
  const heard = hear(createDemoGuideModel({ clock }), asking("a long story"), stopping.signal);
  await new Promise((resolve) => setImmediate(resolve));
  clock.advance(300);
  stopping.abort(reason);
  expect((await heard).error).toBe(reason);
  expect(clock.pending).toBe(0);
  expect((await hear(createDemoEchoModel({ clock }), asking("a"), stopping.signal)).error).toBe(reason);
  expect(clock.pending).toBe(0);
});

test("a reader that leaves stops the timer; a long prompt waits for a slow reader", async () => {
  const clock = manualClock();
  const prompt = `${"x".repeat(40_000)} `.repeat(10);
  const events = iterate(createDemoEchoModel({ clock }), prompt);
  await events.next();
  clock.advance(60_000);
  let length = 40_001;
  for (let next = events.next(); ; next = events.next()) {
    clock.advance(30);
    const { value, done } = await next;
    if (done) break;
    if (value.type === "text") length += value.text.length;
  }
  expect(length).toBe(prompt.length);

  const leaving = createDemoEchoModel({ clock }).stream(asking("a b c"), new AbortController().signal);
  for await (const event of leaving) if (event) break;
  expect(clock.pending).toBe(0);
});
