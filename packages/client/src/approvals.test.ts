import { describe, expect, it } from "vitest";
import { closeAfterEach, live, startClient, turnOf } from "../../../tests/stand-ins/start-client.ts";
import { until } from "../../../tests/stand-ins/until.ts";
import { courseOf } from "./turn-course.ts";

closeAfterEach();

const callId = "call_1_1";

const waiting = async () => {
  const bed = await startClient();
  const channel = bed.hub.channel("c");
  channel.prompt({ id: "m1", text: "Pay it." });
  channel.grow("m1", "One moment.");
  channel.log("m1", (its) => [
    { ...its, kind: "tool-call", callId, name: "pay", arguments: '{"eur":5}' },
    { ...its, kind: "approval", callId, state: "requested", until: 60_000 },
  ]);
  const conversation = bed.client.conversation("c");
  await live(conversation);
  const answered = async (answer: object): Promise<void> => {
    await until(() => bed.hub.frames.some((frame) => action(frame) !== undefined));
    const { id } = action(bed.hub.frames.find((frame) => action(frame) !== undefined)) ?? {};
    bed.hub.raw(JSON.stringify({ channel: "c", payload: { ...answer, id } }));
  };
  return { ...bed, channel, conversation, answered };
};

const action = (frame: unknown): Readonly<Record<string, unknown>> | undefined => {
  const payload: unknown =
    typeof frame === "object" && frame !== null && "payload" in frame ? frame.payload : undefined;
  const holds = typeof payload === "object" && payload !== null && "tool_call_id" in payload;
  return holds ? { ...payload } : undefined;
};

describe("a call that waits", () => {
  it("is shown in its place, and granted by whoever may", async () => {
    const { hub, channel, conversation, answered } = await waiting();
    expect(turnOf(conversation, "m1")).toMatchObject({
      state: "waiting",
      text: "One moment.",
      calls: [{ id: "call_1_1", name: "pay", state: "waiting", at: 11, until: 60_000 }],
    });
    const granted = conversation.approve(callId);
    await answered({ action: "done" });
    await granted;
    expect(hub.frames.map(action).find(Boolean)).toMatchObject({
      action: "approve",
      tool_call_id: "call_1_1",
    });
    channel.log("m1", (its) => [{ ...its, kind: "approval", callId, state: "granted", by: "bob" }]);
    channel.log("m1", (its) => [{ ...its, kind: "tool-result", callId, outcome: "result", content: "paid" }]);
    await until(() => turnOf(conversation, "m1")?.calls?.[0]?.state === "done");
    expect(turnOf(conversation, "m1")?.calls?.[0]).toMatchObject({ by: "bob", result: "paid" });
  });

  it("is denied with a reason, and says when somebody was faster", async () => {
    const { hub, conversation, answered } = await waiting();
    const denied = conversation.deny(callId, "too dear");
    await answered({
      type: "error",
      status: "error",
      code: "already_decided",
      message: "Too late.",
    });
    await expect(denied).rejects.toMatchObject({ code: "already_decided", message: "Too late." });
    expect(hub.frames.map(action).find(Boolean)).toMatchObject({ action: "deny", reason: "too dear" });
  });

  it("counts a decision that was asked for twice, over a cut, as heard", async () => {
    const { hub, conversation } = await waiting();
    const granted = conversation.approve(callId);
    await until(() => hub.frames.some((frame) => action(frame)));
    hub.refusals.set("approve", "already_decided");
    hub.cut();
    await expect(granted).resolves.toBeUndefined();
  });
});

describe("the course of a turn", () => {
  it("does not count a run that a crash ended", () => {
    const note = (at: number, attempt: number) =>
      ({ n: at, at, kind: "note", about: "attempt", turn: 1, attempt }) as const;
    const course = courseOf([
      { n: 1, at: 1, kind: "prompt", id: "m", author: "a", text: "q", assistant: "d" },
      note(2, 1),
      note(10, 2),
      { n: 15, at: 15, kind: "turn-end", turn: 1, end: "completed" },
    ]);
    expect(course).toStrictEqual({ state: "completed", ranAt: 10, workMs: 5 });
  });
});
