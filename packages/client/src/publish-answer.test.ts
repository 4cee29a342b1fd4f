import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import vectors from "../../protocol/vectors/channels/publisher.json" with { type: "json" };
import { emptyConversation } from "./conversation-state.ts";
import { foldFrame } from "./fold-frame.ts";
import { type AnswerTarget, publishAnswer } from "./publish-answer.ts";
import { isFields } from "./read-payload.ts";

const target: AnswerTarget = { channel: "c", messageId: "m1", intervalMs: 0 };

/** A publisher that keeps what it is given; `fail` says which frames do not get through. */
const record = (fail: (payload: Record<string, unknown>) => boolean = () => false) => {
  const sent: Record<string, unknown>[] = [];
  const send = async (_channel: string, payload: object): Promise<void> => {
    const copy: Record<string, unknown> = { ...payload };
    if (fail(copy)) throw new Error("away");
    sent.push(copy);
  };
  return { sent, publisher: { send } };
};

async function* streamOf(items: readonly unknown[], pause?: () => Promise<void>): AsyncGenerator {
  for (const item of items) {
    await pause?.();
    if (isFields(item) && typeof item["$throw"] === "string") throw new Error(item["$throw"]);
    yield item;
  }
}

/** Plain letters, whole and halved pairs. */
const unit = fc.constantFrom("a", "b", "é", "\n", "😀", "\uD83D", "\uDE00");

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const growing = (sent: readonly Record<string, unknown>[]) =>
  sent.filter(({ status }) => status === "in_progress").map(({ message }) => String(message));

describe("publishAnswer", () => {
  it.each(vectors)("publishes what the wire says: $title", async ({ stream, frames }) => {
    const { sent, publisher } = record();
    await publishAnswer(publisher, target, streamOf(stream));
    const steps = sent
      .filter(({ status }) => status !== "in_progress")
      .map(({ timestamp: _timestamp, message_id: _id, thread_id: _thread, ...step }) => step);
    expect(steps).toStrictEqual(frames);
    expect(sent.every((one) => one["message_id"] === "m1" && one["thread_id"] === "thread_c")).toBe(true);
  });

  it("P4 each growing text is a beginning of the whole, and the end has all of it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit, maxLength: 4 })), fc.boolean(), async (pieces, slow) => {
        const { sent, publisher } = record();
        const { text } = await publishAnswer(publisher, target, streamOf(pieces, slow ? turn : undefined));
        expect(text).toBe(pieces.join("").toWellFormed());
        const texts = growing(sent);
        for (const [i, one] of texts.entries()) {
          expect(text.startsWith(one)).toBe(true);
          expect(one.length).toBeGreaterThanOrEqual(texts[i - 1]?.length ?? 0);
        }
        expect(sent.filter(({ final_message }) => final_message === true)).toHaveLength(1);
        const view = sent.reduce(
          (state: ReturnType<typeof emptyConversation>, payload) => foldFrame(state, payload),
          emptyConversation(),
        ).view;
        expect(view.turns).toMatchObject([{ messageId: "m1", state: "completed", text }]);
      }),
      { numRuns: 50 },
    );
  });

  it("sends the latest text after a pause, and in between not more often than asked", async () => {
    const { sent, publisher } = record();
    let go: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    const stream = (async function* () {
      for (const piece of ["a", "b", "c", "d"]) yield piece;
      await gate;
    })();
    const done = publishAnswer(publisher, { ...target, intervalMs: 15 }, stream);
    while (growing(sent).at(-1) !== "abcd") await turn();
    expect(growing(sent).length).toBeLessThanOrEqual(2);
    go();
    await done;
    expect(sent.at(-1)).toMatchObject({ status: "completed", message: "abcd" });
  });

  it("P9 a stop keeps the text, leaves the stream and does not wait for it", async () => {
    const { sent, publisher } = record();
    const stop = new AbortController();
    let left = false;
    const stream: AsyncIterable<string> = {
      [Symbol.asyncIterator]: () => {
        const first = ["Hel"];
        return {
          next: () => {
            const value = first.pop();
            return value === undefined
              ? new Promise(() => stop.abort())
              : Promise.resolve({ value, done: false });
          },
          return: () => {
            left = true;
            return new Promise(() => undefined);
          },
        };
      },
    };
    expect(await publishAnswer(publisher, target, stream, stop.signal)).toStrictEqual({
      end: "cancelled",
      text: "Hel",
      code: "cancelled",
    });
    expect(left).toBe(true);
    expect(sent.at(-1)).toMatchObject({
      status: "completed",
      message: "Hel",
      cancelled: true,
      final_message: true,
    });
  });

  it("a stop before any text says so", async () => {
    const { sent, publisher } = record();
    const hanging = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise<IteratorResult<string>>(() => undefined) }),
    };
    await publishAnswer(publisher, target, hanging, AbortSignal.abort());
    expect(sent.at(-1)).toMatchObject({
      status: "error",
      type: "error",
      code: "cancelled",
      final_message: true,
    });
  });

  it.each([
    ["first_event_timeout", [], { firstEventMs: 5 }],
    ["silence_timeout", ["Hel"], { silenceMs: 5 }],
    ["turn_timeout", ["Hel"], { turnMs: 5 }],
  ])("P3 a stream that hangs ends with %s", async (code, items, limits) => {
    const { sent, publisher } = record();
    const stream = (async function* () {
      yield* items;
      await new Promise(() => undefined);
    })();
    const answer = await publishAnswer(publisher, { ...target, limits }, stream);
    expect(answer).toStrictEqual({ end: "failed", text: items.join(""), code });
    expect(sent.slice(-2)).toMatchObject([
      { type: "timeout" },
      { type: "error", error_details: expect.stringContaining(code) },
    ]);
  });

  it("goes on when a step does not get through, but not silently when the end does not", async () => {
    const lossy = record(({ status }) => status === "started" || status === "in_progress");
    expect(await publishAnswer(lossy.publisher, target, streamOf(["a"]))).toStrictEqual({
      end: "completed",
      text: "a",
    });
    expect(lossy.sent.map(({ status }) => status)).toStrictEqual(["responding", "completed"]);
    const deaf = record(() => true);
    await expect(publishAnswer(deaf.publisher, target, streamOf(["a"]))).rejects.toThrow("away");
  });

  it("P5 holds one text at most for a hub that takes nothing", async () => {
    let release: () => void = () => undefined;
    const sent: Record<string, unknown>[] = [];
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const send = async (_channel: string, payload: object): Promise<void> => {
      await gate;
      sent.push({ ...payload });
    };
    const pieces = Array.from({ length: 500 }, () => "x");
    const stream = (async function* () {
      for (const piece of pieces) {
        yield piece;
        yield { type: "tool", name: "clock" };
        // A text stands in the line before the next tool's does.
        yield piece;
      }
      release();
    })();
    await publishAnswer({ send }, target, stream);
    expect(growing(sent).length).toBeLessThanOrEqual(1);
    expect(sent.length).toBeLessThanOrEqual(40);
    expect(sent.at(-1)).toMatchObject({ status: "completed", message: "x".repeat(1000) });
  });
});
