import { expect, test } from "vitest";
import { ColloquyError } from "../../packages/server/src/kernel/colloquy-error.ts";
import type { Store } from "../../packages/server/src/stores/store.ts";
import { ada, makeBed, principal } from "./bed.ts";
import { createPuppet } from "./puppet-model.ts";

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "no error",
    (thrown: unknown) => (thrown instanceof ColloquyError ? thrown.code : String(thrown)),
  );

test("P8 P3 P4 a turn is known at once, grows, and reaches one end", async () => {
  const model = createPuppet();
  const { heart, listen } = await makeBed({ model });
  const { ear } = listen("channel:a");
  const accepted = await heart.prompt(ada, "channel:a", { text: "Hi", promptId: "p1" });
  await ear.until(() => ear.heard.length > 0);
  expect(ear.kinds()).toEqual(["prompt", "note"]);
  const call = await model.asked();
  call.say("Hello");
  await ear.until(() => ear.texts.get(1) === "Hello");
  call.say(", Ada.");
  call.emit({ type: "usage", usage: { inputTokens: 3, outputTokens: 2 } });
  call.finish();
  await ear.untilEnded(accepted.turn);
  expect(ear.ends.get(1)).toBe("completed");
  const { entries } = await heart.history(ada, "channel:a", {});
  expect(entries.map((entry) => entry.kind)).toEqual(["prompt", "note", "answer", "turn-end"]);
  expect(entries.at(-1)).toMatchObject({ end: "completed", usage: { inputTokens: 3, outputTokens: 2 } });
});

test("P1 the prompt is in the store before its acknowledgement, and a store that fails refuses it", async () => {
  const model = createPuppet();
  let broken = false;
  const failing = (store: Store): Store => ({
    ...store,
    append: (append) =>
      broken ? Promise.reject(new ColloquyError("store_unavailable")) : store.append(append),
  });
  const { heart, store } = await makeBed({ model, store: failing });
  const accepted = await heart.prompt(ada, "channel:a", { text: "Hi", promptId: "p1" });
  expect(await store.findPrompt("channel:a", "p1")).toBe(accepted.turn);
  broken = true;
  expect(await codeOf(heart.prompt(ada, "channel:b", { text: "Hi", promptId: "p2" }))).toBe(
    "store_unavailable",
  );
  expect(await store.findPrompt("channel:b", "p2")).toBeUndefined();
  broken = false;
  await heart.prompt(ada, "channel:b", { text: "Hi", promptId: "p2" });
  await model.asked(1);
});

test("P1 P3 an end waits for a failing store and is told only when it is durable", async () => {
  const model = createPuppet();
  let failures = 0;
  const failing = (store: Store): Store => ({
    ...store,
    append(append) {
      const ends = append.entries.some((entry) => entry.kind === "turn-end");
      if (ends && failures < 2) {
        failures += 1;
        return Promise.reject(new ColloquyError("store_unavailable"));
      }
      return store.append(append);
    },
  });
  const { heart, listen } = await makeBed({ model, store: failing });
  const { ear } = listen("channel:a");
  await heart.prompt(ada, "channel:a", { text: "Hi" });
  const call = await model.asked();
  call.say("done");
  call.finish();
  await ear.untilEnded(1);
  expect(failures).toBe(2);
  expect(ear.ends.get(1)).toBe("completed");
});

test("P6 the same id, author and text is answered as the first was; anything else is refused", async () => {
  const model = createPuppet();
  const { heart } = await makeBed({ model });
  const [first, second] = await Promise.all([
    heart.prompt(ada, "channel:a", { text: "Hi", promptId: "p1" }),
    heart.prompt(ada, "channel:a", { text: "Hi", promptId: "p1" }),
  ]);
  expect(second).toEqual({ ...first, repeated: true });
  expect(await codeOf(heart.prompt(ada, "channel:a", { text: "Ho", promptId: "p1" }))).toBe(
    "prompt_id_taken",
  );
  expect(await codeOf(heart.prompt(principal("eve"), "channel:a", { text: "Hi", promptId: "p1" }))).toBe(
    "prompt_id_taken",
  );
  expect((await heart.prompt(ada, "channel:a", { text: "Hi", promptId: "p1" })).repeated).toBe(true);
  expect(model.calls.length).toBe(1);
});

test("P9 a cancel stops the model, keeps the text and what was spent", async () => {
  const model = createPuppet();
  const { heart, listen } = await makeBed({ model });
  const { ear } = listen("channel:a");
  await heart.prompt(ada, "channel:a", { text: "Hi", promptId: "p1" });
  const call = await model.asked();
  call.say("one ");
  call.say("two");
  await ear.until(() => ear.texts.get(1) === "one two");
  await heart.cancel(ada, "channel:a", "p1");
  expect(call.signal.aborted).toBe(true);
  const { entries } = await heart.history(ada, "channel:a", {});
  expect(entries.find((entry) => entry.kind === "answer")).toMatchObject({ text: "one two" });
  expect(entries.at(-1)).toMatchObject({
    kind: "turn-end",
    end: "cancelled",
    by: "ada",
    usage: { outputTokens: 2, estimated: true },
  });
  await heart.cancel(ada, "channel:a", "p1");
  expect(await codeOf(heart.cancel(ada, "channel:a", "never"))).toBe("no_such_turn");
});

test("P3 P9 a model that does not hear is left behind: its turn ends all the same, and its late words go nowhere", async () => {
  const model = createPuppet({ deaf: true });
  const { heart, listen } = await makeBed({ model });
  const { ear } = listen("channel:a");
  await heart.prompt(ada, "channel:a", { text: "Hi" });
  const call = await model.asked();
  call.say("start");
  await ear.until(() => ear.texts.get(1) === "start");
  await heart.cancel(ada, "channel:a");
  call.say(" and more");
  await heart.prompt(ada, "channel:a", { text: "Next" });
  await model.asked(1);
  expect(ear.texts.get(1)).toBe("start");
});

test.each([
  ["first_event_timeout", { firstEventMs: 20 }],
  ["turn_timeout", { turnMs: 20 }],
] as const)("P3 a provider that hangs ends the turn: %s", async (code, limits) => {
  const { heart, listen } = await makeBed({ model: createPuppet(), limits });
  const { ear } = listen("channel:a");
  await heart.prompt(ada, "channel:a", { text: "Hi" });
  await ear.untilEnded(1);
  expect(ear.ends.get(1)).toBe(code);
});

test("P3 a provider that falls silent ends the turn with what it said", async () => {
  const model = createPuppet();
  const { heart, listen } = await makeBed({ model, limits: { silenceMs: 20 } });
  const { ear } = listen("channel:a");
  await heart.prompt(ada, "channel:a", { text: "Hi" });
  (await model.asked()).say("some");
  await ear.untilEnded(1);
  expect(ear.ends.get(1)).toBe("silence_timeout");
  expect(ear.texts.get(1)).toBe("some");
});

test("P3 an answer that grows too long is cut off and ends too_long", async () => {
  const model = createPuppet();
  const { heart, listen } = await makeBed({ model, limits: { answerBytes: 10 } });
  const { ear } = listen("channel:a");
  await heart.prompt(ada, "channel:a", { text: "Hi" });
  const call = await model.asked();
  call.say("12345");
  call.say("67890");
  call.say("x");
  await ear.untilEnded(1);
  expect([ear.ends.get(1), ear.texts.get(1)]).toEqual(["too_long", "1234567890"]);
  expect(call.signal.aborted).toBe(true);
});

test("P3 P12 a provider's fault keeps its own code and the partial text", async () => {
  const model = createPuppet();
  const { heart, listen } = await makeBed({ model });
  const { ear } = listen("channel:a");
  await heart.prompt(ada, "channel:a", { text: "Hi" });
  const call = await model.asked();
  call.say("half");
  call.fail(new ColloquyError("provider_cut_off"));
  await ear.untilEnded(1);
  expect([ear.ends.get(1), ear.texts.get(1)]).toEqual(["provider_cut_off", "half"]);
});

test("reasoning is sealed before the answer begins and is no part of it", async () => {
  const model = createPuppet();
  const { heart, listen } = await makeBed({ model });
  const { ear } = listen("channel:a");
  await heart.prompt(ada, "channel:a", { text: "Hi" });
  const call = await model.asked();
  call.think("hm, ");
  call.think("well");
  call.say("A");
  call.think("more");
  call.say("B");
  call.finish();
  await ear.untilEnded(1);
  const { entries } = await heart.history(ada, "channel:a", {});
  const said = entries.flatMap((entry) =>
    "text" in entry && entry.kind !== "prompt" ? [[entry.kind, entry.text]] : [],
  );
  expect(said).toEqual([
    ["reasoning", "hm, well"],
    ["answer", "A"],
    ["reasoning", "more"],
    ["answer", "B"],
  ]);
  expect(ear.texts.get(1)).toBe("AB");
});

test("P12 empty, unknown and oversized prompts are refused to the asker", async () => {
  const { heart } = await makeBed({ model: createPuppet({ contextTokens: 100 }) });
  expect(await codeOf(heart.prompt(ada, "channel:a", { text: " \n" }))).toBe("empty_prompt");
  expect(await codeOf(heart.prompt(ada, "channel:a", { text: "Hi", assistant: "nobody" }))).toBe(
    "unknown_assistant",
  );
  expect(await codeOf(heart.prompt(ada, "channel:a", { text: "word ".repeat(200) }))).toBe(
    "context_too_long",
  );
});
