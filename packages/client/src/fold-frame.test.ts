import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import vectors from "../../protocol/vectors/channels/fold.json" with { type: "json" };
import { type ConversationState, emptyConversation, foldRefused, foldSending } from "./conversation-state.ts";
import { foldFrame } from "./fold-frame.ts";

const fold = (frames: readonly object[], state = emptyConversation()) =>
  frames.reduce<ConversationState>(
    (so, frame) => foldFrame(so, "payload" in frame ? frame.payload : frame),
    state,
  );

const progress = (more: object) => ({ message_id: "m1", thread_id: "thread_c", timestamp: 1, ...more });
const piece = (offset: number, delta: string, reset = false) =>
  progress({ status: "in_progress", type: "response", offset, delta, ...(reset && { reset }) });

describe("wire vectors", () => {
  it.each(vectors)("$title", ({ frames, view }) => {
    const { turns, more } = fold(frames).view;
    expect({ turns, more }).toStrictEqual(view);
  });
});

/** Plain letters, whole and halved pairs. */
const unit = fc.constantFrom("a", "b", "é", "\n", "😀", "\uD83D", "\uDE00");

describe("foldFrame", () => {
  it("P4 any cutting of a text into pieces, with jumps back and resets, folds to that text", () => {
    const steps = fc.array(
      fc.record({ size: fc.nat({ max: 9 }), back: fc.nat({ max: 12 }), reset: fc.boolean() }),
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 120 }), steps, (whole, cuts) => {
        let at = 0;
        let state = emptyConversation();
        for (const { size, back, reset } of cuts) {
          const from = back > 8 ? Math.max(0, at - back) : at;
          at = Math.min(whole.length, from + size);
          state = foldFrame(state, piece(from, whole.slice(from, at), reset));
          expect(state.view.turns[0]?.text).toBe(whole.slice(0, at));
        }
        state = foldFrame(state, piece(at, whole.slice(at)));
        expect(state.view.turns[0]?.text).toBe(whole);
      }),
    );
  });

  it("P2 entries fold to the same turns in whatever pages and order they come", () => {
    const entries = [1, 2, 3].flatMap((k) => {
      const n = k * 3 - 2;
      return [
        { n, at: n, kind: "prompt", id: `m${k}`, author: "ann", text: `q${k}`, assistant: "default" },
        { n: n + 1, at: n, kind: "answer", turn: n, part: `${n}.1.0`, offset: 0, text: `a${k}` },
        { n: n + 2, at: n, kind: "turn-end", turn: n, end: "completed" },
      ];
    });
    const page = (list: readonly object[]) => ({ action: "history", entries: list, more: false, id: "q" });
    const straight = foldFrame(emptyConversation(), page(entries)).view.turns;
    fc.assert(
      fc.property(fc.shuffledSubarray(entries, { minLength: 9 }), fc.nat({ max: 9 }), (mixed, cut) => {
        const first = foldFrame(emptyConversation(), page(mixed.slice(0, cut)));
        expect(foldFrame(first, page(mixed.slice(cut))).view.turns).toStrictEqual(straight);
      }),
    );
  });

  it("takes anything at all without throwing", () => {
    fc.assert(
      fc.property(fc.array(fc.anything()), (payloads) => {
        for (const payload of payloads) foldFrame(emptyConversation(), payload);
        for (const payload of payloads) foldFrame(emptyConversation(), { type: "entry", entry: payload });
      }),
    );
    fc.assert(
      fc.property(
        fc.array(
          fc.record(
            {
              status: fc.constantFrom("started", "in_progress", "error", "completed"),
              message_id: fc.constant("m"),
              message: fc.anything(),
              delta: fc.anything(),
              offset: fc.anything(),
              code: fc.anything(),
              error_details: fc.anything(),
              timestamp: fc.anything(),
            },
            { requiredKeys: ["status"] },
          ),
        ),
        (payloads) => {
          const { turns } = payloads.reduce(
            (so, payload) => foldFrame(so, payload),
            emptyConversation(),
          ).view;
          for (const turn of turns) expect(typeof turn.text).toBe("string");
        },
      ),
    );
  });

  it("shares what a piece does not touch", () => {
    const many = Array.from({ length: 50 }, (_, i) =>
      progress({ status: "completed", type: "response", message: "x", message_id: `old${i}` }),
    );
    const before = fold([...many, piece(0, "Hel")]);
    const after = foldFrame(before, piece(3, "lo"));
    expect(after.view.turns.slice(0, 50).every((turn, i) => turn === before.view.turns[i])).toBe(true);
    expect(after.view.turns[50]).not.toBe(before.view.turns[50]);
    expect(before.view.turns[50]?.text).toBe("Hel");
  });

  it("shares a contest that new entries say nothing about", () => {
    const entry = (n: number, more: object) => ({ type: "entry", entry: { n, at: n, ...more } });
    const before = fold([
      entry(1, { kind: "prompt", id: "m1", author: "ann", text: "Hi", assistant: "team" }),
      entry(2, { kind: "note", about: "arbitration", turn: 1, data: { asked: [{ model: "sums" }] } }),
      entry(3, { kind: "reply", turn: 1, model: "sums", text: "4" }),
    ]);
    const after = fold([entry(4, { kind: "turn-end", turn: 1, end: "completed" })], before);
    const [was, is] = [before.view.turns[0], after.view.turns[0]];
    expect(is).toMatchObject({ state: "completed", contest: { asked: [{ model: "sums" }] } });
    expect(is?.contest).toBe(was?.contest);
    expect(is?.replies).toBe(was?.replies);
  });

  it("is the same object when nothing changed", () => {
    const state = fold([piece(0, "Hel")]);
    expect(foldFrame(state, { hello: 1 })).toBe(state);
    expect(foldFrame(state, progress({ status: "responding", type: "status" }))).toBe(state);
  });

  it("P4 the cursor before a text is not passed before the text is here", () => {
    const responding = progress({ status: "responding", type: "status", cursor: "after" });
    expect(fold([responding]).cursor).toBeUndefined();
    expect(fold([responding, { ...piece(0, "x"), cursor: "after" }]).cursor).toBe("after");
  });
});

describe("an own prompt", () => {
  const sending = foldSending(emptyConversation(), { messageId: "m1", text: "Hi" });
  const entry = (n: number, id: string) => ({
    type: "entry",
    entry: { n, at: n, kind: "prompt", id, author: "ann", text: "Hi", assistant: "default" },
    cursor: "c",
  });

  it("P8 is shown at once, and becomes its entry", () => {
    expect(sending.view.turns).toStrictEqual([{ messageId: "m1", prompt: "Hi", state: "sending", text: "" }]);
    const { turns } = foldFrame(sending, entry(1, "m1")).view;
    expect(turns).toMatchObject([{ messageId: "m1", turn: 1, author: "ann", state: "running" }]);
  });

  it("stands behind what others asked before it was accepted", () => {
    const state = fold([entry(1, "m0"), entry(2, "m1")], sending);
    expect(state.view.turns.map((turn) => [turn.messageId, turn.state])).toStrictEqual([
      ["m0", "running"],
      ["m1", "queued"],
    ]);
  });

  it("P12 that was refused says why, and can be asked again", () => {
    const error = { code: "queue_full", message: "Full.", retry: true };
    const refused = foldRefused(sending, "m1", error);
    expect(refused.view.turns).toMatchObject([{ state: "refused", error }]);
    const again = foldSending(refused, { messageId: "m1", text: "Hi" });
    expect(again.view.turns).toStrictEqual(sending.view.turns);
  });

  it("P6 is not refused when its turn is there already", () => {
    const there = foldFrame(sending, entry(1, "m1"));
    expect(foldRefused(there, "m1", { code: "prompt_id_taken", message: "", retry: false })).toBe(there);
  });
});
