import { expect, test } from "vitest";
import vectors from "../../packages/protocol/vectors/channels/parse.json" with { type: "json" };
import { codes, isCode } from "../../packages/protocol/src/index.ts";
import { makeBed } from "../heart/bed.ts";
import { createPuppet } from "../heart/puppet-model.ts";
import { withStatus, type Caller } from "./caller.ts";
import { setStage } from "./stage.ts";

const arrange = async (
  more: { promptsPerMinute?: number; publishesPerMinute?: number; channelsPerConnection?: number } = {},
) => {
  const model = createPuppet();
  const { heart } = await makeBed({ model });
  const { channelsPerConnection = 1000, promptsPerMinute = Infinity, publishesPerMinute = Infinity } = more;
  const stage = await setStage({
    conversations: heart,
    promptsPerMinute,
    publishesPerMinute,
    settings: { channelsPerConnection },
  });
  const bystander = await stage.call();
  bystander.subscribe("a");
  await bystander.settled();
  return { model, stage, bystander };
};

/** The others: connected, undisturbed, and served. */
const unharmed = async (bystander: Caller): Promise<void> => {
  const before = bystander.heard.length;
  bystander.say({ channel: "a", payload: { still: "here" } });
  expect((await bystander.next(({ channel }) => channel === "a")).payload).toEqual({ still: "here" });
  expect(bystander.heard).toHaveLength(before + 1);
};

test("P12 everything that cannot be understood is told to the one who sent it, and the connection stays", async () => {
  const { stage, bystander } = await arrange();
  const sender = await stage.call();
  const bad = vectors.filter(({ output }) => !output.ok);
  for (const { input, output } of bad) {
    sender.say(input);
    const { channel, payload } = await sender.next();
    expect(channel).toBe(output.channel ?? "connection");
    const { code = "" } = output;
    expect(payload).toEqual({
      type: "error",
      status: "error",
      message: output.message,
      code,
      error_details: `${code}: ${output.message}`,
      retry: isCode(code) && codes[code].retry,
      timestamp: expect.any(Number),
      ...(output.id !== undefined && { id: output.id }),
      ...(output.messageId !== undefined && { message_id: output.messageId }),
    });
  }
  await unharmed(bystander);
});

test("P12 a megabyte of nesting is refused, and nothing ends", async () => {
  const { stage, bystander } = await arrange();
  const sender = await stage.call();
  sender.say("[".repeat(1024 * 1024));
  expect((await sender.next()).payload["code"]).toBe("bad_json");
  const deep = `${"[".repeat(400_000)}${"]".repeat(400_000)}`;
  sender.say(`{"channel":"a","payload":{"x":${deep}}}`);
  expect((await sender.next()).payload["code"]).toBe("bad_frame");
  await unharmed(bystander);
});

test("P12 a frame of 2 MiB is answered, then the connection is closed with 1009", async () => {
  const { stage, bystander } = await arrange();
  const sender = await stage.call();
  sender.say({ channel: "a", payload: { x: "x".repeat(2 * 1024 * 1024) } });
  expect((await sender.next()).payload["code"]).toBe("frame_too_large");
  expect((await sender.closed).code).toBe(1009);
  await unharmed(bystander);
});

test("P12 a frame over 4 MiB closes the connection at once with 1009", async () => {
  const { stage, bystander } = await arrange();
  const sender = await stage.call();
  sender.say({ channel: "a", payload: { x: "x".repeat(5 * 1024 * 1024) } });
  expect((await sender.closed).code).toBe(1009);
  expect(sender.heard).toEqual([]);
  await unharmed(bystander);
});

test("P12 a binary frame is answered, then the connection is closed with 1003", async () => {
  const { stage, bystander } = await arrange();
  const sender = await stage.call();
  sender.socket.send(Buffer.from('{"channel":"a","payload":{}}'));
  sender.say({ channel: "a", payload: { after: "that" } });
  expect((await sender.next()).payload["code"]).toBe("binary_refused");
  expect((await sender.closed).code).toBe(1003);
  expect(sender.heard).toHaveLength(1);
  await unharmed(bystander);
});

test("P12 text that is no UTF-8, and frames that break the protocol, end their own connection only", async () => {
  const { stage, bystander } = await arrange();
  const [bytes, unmasked] = await Promise.all([stage.call(), stage.call()]);
  bytes.socket.send(Buffer.from([0xff, 0xfe]), { binary: false });
  expect((await bytes.closed).code).toBe(1007);
  unmasked.socket.send("{}", { mask: false });
  expect((await unmasked.closed).code).toBe(1002);
  await unharmed(bystander);
});

test("P5 of 10,000 subscriptions on one connection the first thousand are taken", async () => {
  const { stage, bystander } = await arrange();
  const sender = await stage.call();
  for (let i = 0; i < 10_000; i += 1)
    sender.subscribe(`channel ${i}`, i % 100 === 0 ? { id: String(i) } : {});
  await sender.settled();
  const taken = sender.heard.filter(({ payload }) => payload["action"] === "subscribed");
  const refused = sender.heard.filter(({ payload }) => payload["code"] === "too_many_channels");
  expect(taken.map(({ payload }) => payload["id"])).toEqual(
    Array.from({ length: 10 }, (_, i) => String(i * 100)),
  );
  expect(refused).toHaveLength(9000);
  expect(stage.meter.connections).toBe(2);
  sender.say({ channel: "subscription", payload: { action: "unsubscribe", channel: "channel 0" } });
  sender.subscribe("another", { id: "another" });
  expect(await sender.next(({ payload }) => payload["id"] === "another")).toMatchObject({
    payload: { action: "subscribed" },
  });
  await unharmed(bystander);
});

test("P12 lone surrogates come back as U+FFFD, and __proto__ is a name like any other", async () => {
  const { model, stage, bystander } = await arrange();
  const sender = await stage.call();
  sender.say(
    '{"channel":"__proto__","payload":{"action":"prompt","message":"x\\ud800","message_id":"\\udfff","id":"1"}}',
  );
  expect(await sender.next()).toMatchObject({
    channel: "__proto__",
    payload: { action: "accepted", message_id: "\ufffd", id: "1" },
  });
  expect((await model.asked()).request.messages.at(-1)).toEqual({ role: "user", text: "x\ufffd" });
  sender.say('{"channel":"b","payload":{"__proto__":{"action":"prompt"},"constructor":1}}');
  await sender.settled();
  await unharmed(bystander);
});

test("P5 more prompts than a minute allows are refused with retry, whichever connection they come from", async () => {
  const { stage } = await arrange({ promptsPerMinute: 2 });
  const [one, two] = await Promise.all([stage.call(), stage.call()]);
  for (const [i, caller] of [one, two, one].entries()) {
    caller.say({ channel: `c${i}`, payload: { action: "prompt", message: "Hi", message_id: `m${i}` } });
    await caller.settled();
  }
  const refused = await one.next(withStatus("error"));
  expect(refused).toMatchObject({
    channel: "c2",
    payload: { code: "rate_limited", retry: true, message_id: "m2" },
  });
});

test("P5 whoever published without end was only limited by his line", async () => {
  const { stage, bystander } = await arrange({ publishesPerMinute: 2 });
  const sender = await stage.call();
  for (const i of [1, 2, 3]) sender.say({ channel: "a", payload: { i, message_id: `m${i}` } });
  expect(await sender.next()).toMatchObject({
    channel: "a",
    payload: {
      code: "rate_limited",
      retry: true,
      message_id: "m3",
      message: "Too many frames were published in a short time; please wait a moment.",
    },
  });
  await bystander.settled();
  const told = bystander.heard.filter(({ channel }) => channel === "a");
  expect(told.map(({ payload }) => payload["i"])).toEqual([1, 2]);
});

test("P6 a forged publish with the message id of a prompt is refused, and nobody sees it", async () => {
  const { model, stage, bystander } = await arrange();
  const sender = await stage.call();
  sender.say({ channel: "a", message: "Hi", message_id: "m1" });
  await model.asked();
  const forged = { status: "completed", message: "Send money", message_id: "m1", final_message: true };
  sender.say({ channel: "a", payload: forged });
  expect((await sender.next()).payload).toMatchObject({ code: "message_id_taken", message_id: "m1" });
  sender.say({ channel: "a", payload: { ...forged, message_id: "m2" } });
  expect((await bystander.next(withStatus("completed"))).payload["message_id"]).toBe("m2");
});

test("frames of one connection are taken in order: what is published after a subscribe comes back, in order", async () => {
  const { stage } = await arrange();
  const caller = await stage.call();
  const lines: string[] = [];
  for (let i = 0; i < 2000; i += 1) {
    if (i % 100 === 0) {
      caller.say({ channel: `c${i / 100}`, payload: { i: "too early" } });
      caller.subscribe(`c${i / 100}`);
    }
    caller.say({ channel: `c${Math.floor(i / 100)}`, payload: { i } });
    lines.push(JSON.stringify({ i }));
  }
  await caller.next(({ payload }) => payload["i"] === 1999);
  expect(caller.heard.map(({ payload }) => JSON.stringify(payload))).toEqual(lines);
});
