import { expect, test } from "vitest";
import { ColloquyError } from "../../packages/server/src/kernel/colloquy-error.ts";
import { ada, makeBed, principal } from "./bed.ts";
import { createPuppet } from "./puppet-model.ts";

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "no error",
    (thrown: unknown) => (thrown instanceof ColloquyError ? thrown.code : String(thrown)),
  );

test("queue: prompts run one after the other in the order in which they came; the eleventh that waits is refused", async () => {
  const model = createPuppet();
  const { heart, listen, meter } = await makeBed({ model });
  const { ear } = listen("channel:a");
  const prompts = Array.from({ length: 11 }, (_, i) =>
    heart.prompt(ada, "channel:a", { text: `p${i}`, promptId: `p${i}` }),
  );
  await Promise.all(prompts);
  expect(await codeOf(heart.prompt(ada, "channel:a", { text: "one too many" }))).toBe("queue_full");
  expect(meter.queued).toBe(10);
  for (let i = 0; i < 11; i += 1) {
    const call = await model.asked(i);
    expect(model.calls.length).toBe(i + 1);
    expect(call.request.messages.at(-1)?.text).toBe(`p${i}`);
    // Each sees the exchanges before it, and none that is not ended.
    expect(call.request.messages.length).toBe(2 * i + 1);
    call.say(`a${i}`);
    call.finish();
    await ear.until(() => ear.ends.size === i + 1);
  }
  expect([meter.queued, meter.running, meter.completed]).toEqual([0, 0, 11]);
});

test("reject: a prompt that comes while a turn runs is refused and leaves no trace", async () => {
  const model = createPuppet();
  const { heart, store } = await makeBed({ model, policy: "reject" });
  await heart.prompt(ada, "channel:a", { text: "one" });
  expect(await codeOf(heart.prompt(ada, "channel:a", { text: "two", promptId: "p2" }))).toBe("turn_running");
  expect(await store.findPrompt("channel:a", "p2")).toBeUndefined();
});

test("interrupt: the running turn is cancelled and the new one runs, for those who may stop", async () => {
  const model = createPuppet();
  const { heart, listen } = await makeBed({ model, policy: "interrupt" });
  const { ear } = listen("channel:a");
  await heart.prompt(ada, "channel:a", { text: "one" });
  (await model.asked()).say("never mi");
  await ear.until(() => ear.texts.size === 1);
  const guest = principal("guest", { read: ["*"], prompt: ["*"], publish: [], stop: [] });
  expect(await codeOf(heart.prompt(guest, "channel:a", { text: "me first" }))).toBe("not_allowed");
  await heart.prompt(ada, "channel:a", { text: "two" });
  const second = await model.asked(1);
  await ear.untilEnded(1);
  expect(ear.ends.get(1)).toBe("cancelled");
  second.say("yes");
  second.finish();
  await ear.until(() => ear.ends.size === 2);
  expect([...ear.texts.values()]).toEqual(["never mi", "yes"]);
});

test("parallel: as many as the limit run at a time, each with its own text; P4 for all of them", async () => {
  const model = createPuppet();
  const { heart, listen, meter } = await makeBed({ model, policy: { parallel: 3 } });
  const { ear } = listen("channel:a");
  await Promise.all(["a", "b", "c", "d"].map((text) => heart.prompt(ada, "channel:a", { text })));
  expect([meter.running, meter.queued]).toEqual([3, 1]);
  const calls = await Promise.all([0, 1, 2].map((i) => model.asked(i)));
  for (const [i, call] of calls.entries()) call.say(`text ${i}`);
  await ear.until(() => ear.texts.size === 3);
  calls[1]?.finish();
  const fourth = await model.asked(3);
  fourth.say("late");
  for (const call of [calls[0], calls[2], fourth]) call?.finish();
  await ear.until(() => ear.ends.size === 4);
  expect([...ear.texts.values()].toSorted()).toEqual(["late", "text 0", "text 1", "text 2"]);
});

test("P9 a queued prompt can be stopped before it runs; only its author, or who may stop, can", async () => {
  const model = createPuppet();
  const { heart, listen } = await makeBed({ model });
  const { ear } = listen("channel:a");
  await heart.prompt(ada, "channel:a", { text: "one", promptId: "p1" });
  await heart.prompt(ada, "channel:a", { text: "two", promptId: "p2" });
  const guest = principal("guest", { read: ["*"], prompt: ["*"], publish: [], stop: [] });
  expect(await codeOf(heart.cancel(guest, "channel:a", "p2"))).toBe("not_allowed");
  await heart.cancel(guest, "channel:a");
  await heart.cancel(ada, "channel:a", "p2");
  await ear.until(() => ear.ends.size === 1);
  (await model.asked()).finish();
  await ear.until(() => ear.ends.size === 2);
  expect([...ear.ends.values()]).toEqual(["cancelled", "completed"]);
  expect(model.calls.length).toBe(1);
});

test("P11 reading, prompting and publishing take the right to, and names with a colon take membership", async () => {
  const { heart, listen } = await makeBed({ model: createPuppet() });
  const narrow = principal("bob", { read: ["room-*"], prompt: ["room-1"], publish: [], stop: [] });
  listen("channel:room-9", { who: narrow });
  expect(() => listen("channel:other", { who: narrow })).toThrow(
    expect.objectContaining({ code: "not_allowed" }),
  );
  expect(() => listen("chat:123", { who: ada })).toThrow(expect.objectContaining({ code: "not_allowed" }));
  expect(await codeOf(heart.prompt(narrow, "channel:room-2", { text: "x" }))).toBe("not_allowed");
  expect(
    await codeOf(
      heart.publish(narrow, "channel:room-1", { json: "{}", form: "payload", replaceable: false }),
    ),
  ).toBe("not_allowed");
  expect(await codeOf(heart.history(narrow, "channel:secret", {}))).toBe("not_allowed");
  listen("seq:main", { who: ada });
  expect(() =>
    listen("seq:main", { who: principal("eve", { read: ["*"], prompt: [], publish: [], stop: [] }) }),
  ).toThrow(expect.objectContaining({ code: "not_allowed" }));
  const late = { ...narrow, expiresAt: 1 };
  expect(await codeOf(heart.prompt(late, "channel:room-1", { text: "x" }))).toBe("token_expired");
  await heart.prompt(narrow, "channel:room-1", { text: "x" });
  await heart.prompt(ada, "channel:hidden", { text: "y" });
  const seen = await heart.list(narrow, {});
  expect(seen.conversations.map((one) => one.id)).toEqual(["room-1"]);
});
