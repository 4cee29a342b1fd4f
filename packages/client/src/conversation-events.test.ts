import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ConversationEvent, ConversationView } from "./conversation.ts";
import { conversationEvents, viewChanges } from "./conversation-events.ts";
import { type ConversationState, emptyConversation, withPhase } from "./conversation-state.ts";
import { foldFrame } from "./fold-frame.ts";
import { listeners } from "./listeners.ts";

const progress = (more: object) => ({ message_id: "m1", thread_id: "t", timestamp: 1, ...more });
const piece = (offset: number, delta: string, id = "m1") =>
  progress({ status: "in_progress", type: "response", offset, delta, message_id: id });
const done = (message: string) => progress({ status: "completed", type: "response", message });

/** A source that a test moves on. */
const startSource = () => {
  let state: ConversationState = emptyConversation("live");
  let closed = false;
  const changed = listeners<ConversationView>(() => undefined);
  const relayed = listeners<unknown>(() => undefined);
  const put = (next: ConversationState): void => {
    state = next;
    changed.tell(state.view);
  };
  return {
    source: {
      view: () => state.view,
      subscribe: (listener: () => void) => changed.add(listener),
      onRelay: (listener: (payload: unknown) => void) => relayed.add(listener),
      closed: () => closed,
    },
    take: (payload: unknown) => put(foldFrame(state, payload)),
    lose: () => put(withPhase(state, "stale")),
    relay: (payload: unknown) => relayed.tell(payload),
    close: () => {
      closed = true;
      put(state);
    },
  };
};

const told = (texts: Map<string, string>, event: ConversationEvent): void => {
  if (event.type !== "text") return;
  const before = texts.get(event.messageId) ?? "";
  expect(event.offset).toBeLessThanOrEqual(before.length);
  texts.set(event.messageId, before.slice(0, event.offset) + event.text);
};

describe("events", () => {
  it("come in order: a turn begins before its text and ends after it", async () => {
    const { source, take, close } = startSource();
    take(progress({ status: "started", type: "status" }));
    const events = conversationEvents(source);
    const seen: unknown[] = [];
    const next = async () => {
      const { value } = await events.next();
      seen.push(
        value?.type === "turn" ? value.turn.state : value?.type === "text" ? value.text : value?.phase,
      );
    };
    await next();
    await next();
    take(piece(0, "Hel"));
    await next();
    take(done("Hello"));
    await next();
    await next();
    close();
    expect(seen).toStrictEqual(["live", "running", "Hel", "lo", "completed"]);
    expect(await events.next()).toStrictEqual({ value: undefined, done: true });
  });

  it("P5 a slow consumer is told the same in fewer changes, and nothing is queued for it", async () => {
    const { source, take, lose } = startSource();
    const events = conversationEvents(source);
    await events.next();
    for (let i = 0; i < 1000; i += 1) take(piece(i, "x"));
    lose();
    const seen = [await events.next(), await events.next(), await events.next()].map(({ value }) => value);
    expect(seen).toMatchObject([
      { type: "phase" },
      { type: "turn" },
      { type: "text", offset: 0, text: "x".repeat(1000) },
    ]);
    await events.return(undefined);
  });

  it("P5 of relayed values the oldest are dropped, and counted", async () => {
    const { source, relay } = startSource();
    const events = conversationEvents(source);
    await events.next();
    for (let i = 0; i < 300; i += 1) relay(i);
    expect((await events.next()).value).toStrictEqual({ type: "relay", payload: 44, lost: 44 });
    expect((await events.next()).value).toStrictEqual({ type: "relay", payload: 45, lost: 0 });
    await events.return(undefined);
  });

  it("end when the signal aborts, also while nothing happens", async () => {
    const stop = new AbortController();
    const events = conversationEvents(startSource().source, stop.signal);
    await events.next();
    const end = events.next();
    stop.abort();
    expect(await end).toStrictEqual({ value: undefined, done: true });
  });

  it("P4 lead from any view to any later one", () => {
    const frame = fc.oneof(
      fc
        .tuple(fc.nat({ max: 12 }), fc.string({ maxLength: 4 }), fc.constantFrom("m1", "m2"))
        .map((args) => piece(...args)),
      fc.constant(done("Hello")),
      fc.constant({ action: "subscribed", recovered: false, cursor: "c" }),
    );
    fc.assert(
      fc.property(fc.array(frame), fc.array(fc.boolean()), (frames, looks) => {
        let state = emptyConversation("live");
        let seen = state.view;
        const texts = new Map<string, string>();
        for (const [i, payload] of [...frames, {}].entries()) {
          state = foldFrame(state, payload);
          if (!(looks[i] ?? true) && i < frames.length) continue;
          for (const event of viewChanges(seen, state.view)) {
            told(texts, event);
            if (event.type === "gone") texts.delete(event.messageId);
          }
          seen = state.view;
        }
        for (const turn of state.view.turns) expect(texts.get(turn.messageId) ?? "").toBe(turn.text);
        expect([...texts.keys()].every((id) => state.view.turns.some((turn) => turn.messageId === id))).toBe(
          true,
        );
      }),
    );
  });
});
