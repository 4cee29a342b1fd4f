import { expect, test } from "vitest";
import { makeBed } from "../heart/bed.ts";
import { createPuppet } from "../heart/puppet-model.ts";
import { withStatus, type Heard } from "./caller.ts";
import { setStage } from "./stage.ts";

const arrange = async () => {
  const model = createPuppet();
  const { heart } = await makeBed({ model });
  return { model, stage: await setStage({ conversations: heart }) };
};

/** What part 1 promises of a frame; times and cursors are looked at elsewhere. */
const progress = ({ channel, payload }: Heard) => {
  const { timestamp, cursor, ...rest } = payload;
  expect(typeof timestamp).toBe("number");
  expect(typeof cursor).toBe("string");
  return { channel, payload: rest };
};

const about = { message_id: "m1", thread_id: "thread_a" };

test("the story of a turn, as existing clients know it", async () => {
  const { model, stage } = await arrange();
  const subscriber = await stage.call();
  subscriber.say({ channel: "subscription", payload: { action: "subscribe", channel: "a" } });
  await subscriber.settled();
  // Being subscribed is not needed to prompt.
  const asker = await stage.call();
  asker.say({ channel: "a", message: "What is the weather?", message_id: "m1" });
  const say = async (text: string): Promise<void> => (await model.asked()).say(text);

  const frames: Heard[] = [await subscriber.next((frame) => frame.channel === "a")];
  await say("Current weather");
  frames.push(await subscriber.next(), await subscriber.next());
  await say(" in Makati...");
  frames.push(await subscriber.next());
  (await model.asked()).finish();
  frames.push(await subscriber.next());

  const status = { type: "status", final_message: false, ...about };
  const response = { type: "response", final_message: false, ...about };
  expect(frames.map(progress)).toEqual([
    {
      channel: "a",
      payload: { message: "Assistant is processing your request...", status: "started", ...status },
    },
    { channel: "a", payload: { message: "Assistant is responding...", status: "responding", ...status } },
    { channel: "a", payload: { message: "Current weather", status: "in_progress", ...response } },
    {
      channel: "a",
      payload: { message: "Current weather in Makati...", status: "in_progress", ...response },
    },
    {
      channel: "a",
      payload: {
        ...response,
        message: "Current weather in Makati...",
        status: "completed",
        final_message: true,
      },
    },
  ]);
  await asker.settled();
  expect(asker.heard).toHaveLength(1);
});

test("subscribe, unsubscribe and prompt are silent; subscribing again makes no doubles", async () => {
  const { stage } = await arrange();
  const caller = await stage.call();
  for (let i = 0; i < 3; i += 1) caller.subscribe("a");
  caller.say({ action: "subscribe", channel: "a" });
  caller.say({ channel: "subscription", payload: { action: "unsubscribe", channel: "never subscribed" } });
  caller.say({ channel: "a", payload: { message: "one" } });
  await caller.next();
  caller.say({ channel: "subscription", payload: { action: "unsubscribe", channel: "a" } });
  caller.say({ channel: "a", payload: { message: "two" } });
  await caller.settled();
  expect(caller.heard.slice(0, -1)).toEqual([{ channel: "a", payload: { message: "one" } }]);
});

test("a publish reaches every subscriber of its channel unchanged, the publisher too if it is subscribed", async () => {
  const { stage } = await arrange();
  const [publisher, subscriber, stranger] = await Promise.all([stage.call(), stage.call(), stage.call()]);
  subscriber.say({ action: "subscribe", channel: "a" });
  stranger.subscribe("b");
  await Promise.all([subscriber.settled(), stranger.settled()]);
  const payload = '{"z":12345678901234567890,"a":1.0,"__proto__":{"x":"\\u00e9"}, "z":null}';
  let raw = "";
  subscriber.socket.once("message", (data: Buffer) => (raw = data.toString()));
  publisher.subscribe("a");
  publisher.say(`{"channel":"a","payload":${payload}}`);
  await Promise.all([publisher.next(), subscriber.next((frame) => frame.channel === "a")]);
  expect(raw).toBe(`{"channel":"a","payload":${payload}}`);
  await stranger.settled();
  expect(stranger.heard.filter(({ channel }) => channel !== "subscription")).toEqual([]);
});

test("the old form is answered in kind, and its frames carry type beside channel", async () => {
  const { model, stage } = await arrange();
  const caller = await stage.call();
  caller.say({ type: "a", payload: { early: true } });
  expect((await caller.next()).payload).toMatchObject({ code: "bad_frame" });
  caller.say({ type: "subscribe", payload: { channel: "a" } });
  caller.say({ type: "a", payload: { message: "hello" } });
  expect(await caller.next()).toEqual({ type: "subscribed", payload: { channel: "a" } });
  expect(await caller.next()).toEqual({ channel: "a", type: "a", payload: { message: "hello" } });
  caller.say({ channel: "a", message: "Hi", message_id: "m1" });
  expect(await caller.next()).toMatchObject({ channel: "a", type: "a", payload: { status: "started" } });
  (await model.asked()).finish();
  expect(await caller.next(withStatus("completed"))).toMatchObject({ type: "a" });
  caller.say({ type: "unsubscribe", payload: { channel: "a" } });
  expect(await caller.next()).toEqual({ type: "unsubscribed", payload: { channel: "a" } });
});

test("P8 a subscriber that comes while a turn runs is told at once, with all of the text so far", async () => {
  const { model, stage } = await arrange();
  const first = await stage.call();
  first.subscribe("a");
  first.say({ channel: "a", message: "Hi", message_id: "m1" });
  (await model.asked()).say("So far");
  await first.next(withStatus("in_progress"));
  const late = await stage.call();
  late.subscribe("a");
  const told = [await late.next(), await late.next(), await late.next()];
  expect(told.map(({ payload }) => payload["status"])).toEqual(["started", "responding", "in_progress"]);
  expect(told[2]?.payload["message"]).toBe("So far");
});

test("P9 a cancelled turn completes with its text, as part 1 knows it; without any it is an error", async () => {
  const { model, stage } = await arrange();
  const caller = await stage.call();
  caller.subscribe("a");
  caller.say({ channel: "a", message: "Hi", message_id: "m1" });
  (await model.asked()).say("Half an");
  await caller.next(withStatus("in_progress"));
  caller.say({ channel: "a", payload: { action: "cancel", message_id: "m1" } });
  expect((await caller.next(withStatus("completed"))).payload).toMatchObject({
    message: "Half an",
    cancelled: true,
    final_message: true,
  });
  caller.say({ channel: "a", message: "Hi", message_id: "m2" });
  await model.asked(1);
  caller.say({ channel: "a", payload: { action: "cancel" } });
  const end = await caller.next(withStatus("error"));
  expect(end.payload).toMatchObject({
    type: "error",
    code: "cancelled",
    final_message: true,
    message_id: "m2",
  });
});

test("a channel without an assistant relays prompts, for an outside publisher to answer", async () => {
  const { heart } = await makeBed({ model: createPuppet() });
  const stage = await setStage({ conversations: { ...heart, relaysPrompts: () => true } });
  const publisher = await stage.call();
  publisher.subscribe("a");
  await publisher.settled();
  const asker = await stage.call();
  asker.subscribe("a");
  asker.say({ channel: "a", message: "Hi", message_id: "m1" });
  const prompt = { channel: "a", message: "Hi", message_id: "m1" };
  expect(await publisher.next((frame) => frame.channel === "a")).toEqual(prompt);
  expect(await asker.next()).toEqual(prompt);
  publisher.say({ channel: "a", payload: { status: "completed", message: "Hello", message_id: "m1" } });
  expect((await asker.next()).payload["message"]).toBe("Hello");
});
