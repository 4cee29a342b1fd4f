import { expect, test } from "vitest";
import type { MemoryContent } from "../../packages/server/src/stores/memory-store.ts";
import { ada, makeBed } from "../heart/bed.ts";
import { createPuppet } from "../heart/puppet-model.ts";
import { withStatus, type Caller } from "./caller.ts";
import { setStage } from "./stage.ts";

const arrange = async () => {
  const model = createPuppet();
  const { heart } = await makeBed({ model });
  return { model, stage: await setStage({ conversations: heart }) };
};

const withAction =
  (action: string) =>
  ({ payload }: { payload: Readonly<Record<string, unknown>> }): boolean =>
    payload["action"] === action;

const ask = (caller: Caller, more: object = {}): void =>
  caller.say({
    channel: "a",
    payload: { action: "prompt", message: "Hi", message_id: "m1", id: "7", ...more },
  });

/** The text that a client of the delta mode puts together. */
const together = (text: string, frame: { payload: Readonly<Record<string, unknown>> }): string => {
  const { delta, offset } = frame.payload;
  return typeof delta === "string" && typeof offset === "number" ? text.slice(0, offset) + delta : text;
};

test("what carries an id is answered with it, before anything else is told", async () => {
  const { model, stage } = await arrange();
  const caller = await stage.call();
  ask(caller);
  (await model.asked()).say("Well");
  expect((await caller.next(withAction("accepted"))).payload).toMatchObject({ message_id: "m1", id: "7" });
  caller.subscribe("a", { id: "1" });
  const answer = await caller.next();
  expect(answer).toMatchObject({
    channel: "subscription",
    payload: { action: "subscribed", channel: "a", recovered: false, id: "1" },
  });
  expect(typeof answer.payload["cursor"]).toBe("string");
  expect((await caller.next()).payload["status"]).toBe("started");
  caller.say({ channel: "a", payload: { action: "cancel", id: "2" } });
  expect(await caller.next(withAction("done"))).toEqual({
    channel: "a",
    payload: { action: "done", id: "2" },
  });
  caller.say({ channel: "subscription", payload: { action: "unsubscribe", channel: "a", id: "3" } });
  expect(await caller.next(withAction("unsubscribed"))).toEqual({
    channel: "subscription",
    payload: { action: "unsubscribed", channel: "a", id: "3" },
  });
});

test("P4 delta mode: pieces with their offsets, resumed from a cursor with no gap and no repeat", async () => {
  const { model, stage } = await arrange();
  const first = await stage.call();
  first.subscribe("a", { mode: "delta" });
  await first.settled();
  ask(first);
  const said = await model.asked();
  said.say("One ");
  const one = await first.next(withStatus("in_progress"));
  said.say("two ");
  const two = await first.next(withStatus("in_progress"));
  expect([one.payload["offset"], two.payload["offset"]]).toEqual([0, 4]);
  first.hangUp();
  said.say("three");
  const second = await stage.call();
  second.subscribe("a", { mode: "delta", cursor: one.payload["cursor"], id: "1" });
  expect((await second.next()).payload).toMatchObject({ action: "subscribed", recovered: true });
  said.finish();
  const completed = await second.next(withStatus("completed"));
  const text = second.heard.reduce(together, "One ");
  expect(text).toBe("One two three");
  expect(completed.payload).toMatchObject({ message: text, final_message: true });
  expect(second.heard.filter(withStatus("started"))).toEqual([]);
});

test("P4 a cursor that is malformed, foreign or from the future means the whole present state", async () => {
  const { model, stage } = await arrange();
  const caller = await stage.call();
  caller.say({ channel: "a", message: "Hi", message_id: "m1" });
  (await model.asked()).say("So far");
  const cursors = ["", "nonsense", "v1.other.1", "v1.abc.999999", "x".repeat(5000), "v1.abc.1.1-2-3~r.1"];
  for (const [i, cursor] of cursors.entries()) {
    caller.subscribe("a", { cursor, id: String(i) });
    const answer = await caller.next(withAction("subscribed"));
    expect(answer.payload).toMatchObject({ recovered: false, id: String(i) });
    expect((await caller.next(withStatus("in_progress"))).payload["message"]).toBe("So far");
  }
});

test("part 2 subscribers get everybody's entries, and the last ones first where they ask for history", async () => {
  const { model, stage } = await arrange();
  const [plain, full] = await Promise.all([stage.call(), stage.call()]);
  plain.subscribe("a");
  full.subscribe("a", { id: "1" });
  await Promise.all([plain.settled(), full.settled()]);
  ask(plain);
  (await model.asked()).say("Hello");
  (await model.asked()).finish();
  await Promise.all([plain.next(withStatus("completed")), full.next(withStatus("completed"))]);
  const kinds = ({ heard }: Caller): unknown[] =>
    heard.flatMap(({ payload }) => (payload["type"] === "entry" ? [payload["entry"]] : []));
  expect(kinds(plain)).toEqual([]);
  expect(kinds(full)).toContainEqual(expect.objectContaining({ n: 1, kind: "prompt", text: "Hi", id: "m1" }));
  const late = await stage.call();
  late.subscribe("a", { history: 50 });
  await late.next(({ payload }) => JSON.stringify(payload).includes('"turn-end"'));
  expect(kinds(late)).toEqual(kinds(full));
  expect(late.heard.filter(withStatus("completed"))).toEqual([]);
});

test("P6 a prompt that is asked again is acknowledged again, and what became of it told to the asker alone", async () => {
  const { model, stage } = await arrange();
  const [asker, other] = await Promise.all([stage.call(), stage.call()]);
  other.subscribe("a");
  await other.settled();
  ask(asker);
  (await model.asked()).say("Hello");
  await other.next(withStatus("in_progress"));
  ask(asker);
  const again = await asker.next(({ payload }) => payload["repeated"] === true);
  expect(again.payload).toMatchObject({ action: "accepted", message_id: "m1", id: "7" });
  expect((await asker.next(withStatus("in_progress"))).payload["message"]).toBe("Hello");
  (await model.asked()).finish();
  await other.next(withStatus("completed"));
  await other.settled();
  const heard = other.heard.length;
  ask(asker);
  expect((await asker.next(withStatus("completed"))).payload["message"]).toBe("Hello");
  ask(asker, { message: "Something else" });
  expect((await asker.next(withStatus("error"))).payload).toMatchObject({ code: "prompt_id_taken", id: "7" });
  await other.settled();
  expect(other.heard).toHaveLength(heard + 1);
  expect(model.calls).toHaveLength(1);
});

test("history in pages, and the list of what the caller may read", async () => {
  const { model, stage } = await arrange();
  const caller = await stage.call();
  caller.subscribe("a");
  ask(caller);
  (await model.asked()).finish();
  await caller.next(withStatus("completed"));
  caller.say({ channel: "a", payload: { action: "history", limit: 1, id: "1" } });
  const page = await caller.next(withAction("history"));
  expect(page.payload).toMatchObject({ entries: [{ kind: "turn-end" }], more: true, id: "1" });
  caller.say({ channel: "a", payload: { action: "history", before: 2 } });
  expect((await caller.next(withAction("history"))).payload).toMatchObject({
    entries: [{ n: 1 }],
    more: false,
  });
  caller.say({ channel: "connection", payload: { action: "conversations", id: "2" } });
  expect(await caller.next(withAction("conversations"))).toMatchObject({
    channel: "connection",
    payload: { conversations: [{ id: "a", title: "Hi" }], id: "2" },
  });
  caller.say({ channel: "a", payload: { action: "approve", tool_call_id: "t", id: "3" } });
  expect((await caller.next(withStatus("error"))).payload).toMatchObject({ code: "no_such_call", id: "3" });
});

test("relayed frames carry a cursor beside the payload for part 2 subscribers only", async () => {
  const { stage } = await arrange();
  const caller = await stage.call();
  caller.subscribe("a");
  caller.say({ channel: "a", payload: { n: 1 } });
  expect(await caller.next()).toEqual({ channel: "a", payload: { n: 1 } });
  caller.subscribe("a", { mode: "delta" });
  caller.say({ channel: "a", payload: { n: 2 } });
  const second = await caller.next();
  expect(second).toEqual({ channel: "a", payload: { n: 2 }, cursor: expect.any(String) });
  caller.say({ channel: "a", payload: { n: 3 } });
  await caller.next();
  caller.hangUp();
  const back = await stage.call();
  back.subscribe("a", { cursor: second.cursor });
  expect((await back.next()).payload).toEqual({ n: 3 });
});

test("whoever subscribes anew is answered before what is told from there, each time", async () => {
  const { model, stage } = await arrange();
  const caller = await stage.call();
  caller.subscribe("a", { id: "0" });
  await caller.next();
  ask(caller);
  (await model.asked()).say("So far");
  const { payload } = await caller.next(withStatus("in_progress"));
  for (const id of ["1", "2", "3"]) caller.subscribe("a", { id, cursor: "elsewhere", mode: "snapshot" });
  caller.subscribe("a", { id: "4", mode: "delta" });
  caller.subscribe("a", { id: "5", cursor: payload["cursor"] });
  await caller.next(({ payload: answer }) => answer["id"] === "5");
  (await model.asked()).finish();
  const end = await caller.next(withStatus("completed"));
  expect(end.payload["message"]).toBe("So far");
  const since = caller.heard.slice(caller.heard.findIndex((frame) => frame.payload["id"] === "1"));
  const answers = since.flatMap((frame) =>
    frame.payload["action"] === "subscribed" ? [frame.payload["id"]] : [],
  );
  expect(new Set(answers)).toEqual(new Set(["1", "2", "3", "4", "5"]));
  const last = since.findIndex((frame) => frame.payload["id"] === "5");
  expect(since.slice(last).filter(withStatus("in_progress"))).toEqual([]);
});

test.each([{}, { mode: "delta" }])(
  "P4 the cursor of a relayed frame repeats nothing of a conversation that nobody had opened yet (first %j)",
  async (first) => {
    const model = createPuppet();
    const content: MemoryContent = new Map();
    const { heart, listen } = await makeBed({ model, content });
    const { ear } = listen("channel:a");
    await heart.prompt(ada, "channel:a", { text: "long ago" });
    (await model.asked()).finish();
    await ear.until(() => ear.ends.size === 1);
    const again = await makeBed({ model, content });
    const stage = await setStage({ conversations: again.heart });
    const caller = await stage.call();
    caller.subscribe("a", first);
    caller.subscribe("a", { mode: "delta" });
    caller.say({ channel: "a", payload: { n: 1 } });
    const { cursor } = await caller.next(({ payload }) => payload["n"] === 1);
    caller.hangUp();
    const back = await stage.call();
    back.subscribe("a", { cursor });
    back.say({ channel: "a", payload: { n: 2 } });
    expect((await back.next()).payload).toEqual({ n: 2 });
  },
);
