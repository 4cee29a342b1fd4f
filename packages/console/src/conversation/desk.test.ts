import { ClientError, type Conversation, type ConversationView, type TurnView } from "@colloquy/client";
import { expect, test } from "vitest";
import { createDesk } from "./desk.ts";
import { createOutbox } from "./outbox.ts";
import { memoryKeep } from "../parts/memory-keep.ts";

interface Sent {
  readonly text: string;
  readonly messageId: string | undefined;
  readonly accept: () => void;
  readonly refuse: () => void;
  /** The client ends, as it does when somebody else signs in. */
  readonly close: () => void;
}

const opening = () => {
  const sent: Sent[] = [];
  const cancelled: (string | undefined)[] = [];
  const listeners = new Set<() => void>();
  let view: ConversationView = { phase: "live", turns: [], more: false };
  let open = 0;
  const conversation: Conversation = {
    channel: "c",
    view: () => view,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    events: () => ({
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error("not asked for")) }),
    }),
    prompt: (text, options = {}) =>
      new Promise((resolve, reject) => {
        const { messageId } = options;
        const id = messageId ?? "";
        const accept = (): void => resolve({ messageId: id, cursor: "" });
        const refuse = (): void => {
          view = { ...view, turns: [{ messageId: id, state: "refused", text: "", prompt: text }] };
          reject(new ClientError("empty_prompt"));
        };
        const close = (): void => reject(new ClientError("closed"));
        sent.push({ text, messageId, accept, refuse, close });
      }),
    cancel(messageId) {
      cancelled.push(messageId);
      return Promise.reject(new Error("it has ended"));
    },
    approve: () => Promise.resolve(),
    deny: () => Promise.resolve(),
    older: () => Promise.resolve(false),
    close: () => (open -= 1),
  };
  const client = {
    conversation: () => {
      open += 1;
      return conversation;
    },
  };
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return { client, sent, cancelled, listeners, settle, open: () => open };
};

const atOnce = (run: () => void) => {
  run();
  return () => {};
};

const desk = (bed: ReturnType<typeof opening>, keep = memoryKeep()) => {
  let count = 0;
  const outbox = createOutbox("c", keep);
  const made = createDesk(bed.client, "c", { outbox, schedule: atOnce, newId: () => `id${(count += 1)}` });
  return { ...made, outbox };
};

test("the conversation is held exactly as long as somebody listens", () => {
  const bed = opening();
  const { subscribe, view } = desk(bed);
  expect(view()).toEqual({ phase: "loading", turns: [], more: false });
  const first = subscribe(() => {});
  first();
  const second = subscribe(() => {});
  expect(bed.open()).toBe(1);
  expect(view().phase).toBe("live");
  second();
  expect(bed.open()).toBe(0);
  expect(bed.listeners.size).toBe(0);
});

test("P6 a prompt that was not acknowledged before a reload goes out again under the same id", async () => {
  const keep = memoryKeep();
  const bed = opening();
  const before = desk(bed, keep);
  const leave = before.subscribe(() => {});
  before.ask("Why?");
  leave();
  const after = desk(bed, keep);
  after.subscribe(() => {});
  expect(bed.sent.map(({ text, messageId }) => [text, messageId])).toEqual([
    ["Why?", "id1"],
    ["Why?", "id1"],
  ]);
  bed.sent[1]?.accept();
  await bed.settle();
  expect(after.outbox.items()).toEqual([]);
});

test("a prompt that was refused is not sent again by itself, and keeps its id when asked again", async () => {
  const bed = opening();
  const { subscribe, ask, again, view, outbox } = desk(bed);
  subscribe(() => {});
  ask("Why?");
  bed.sent[0]?.refuse();
  await bed.settle();
  expect(outbox.items()).toEqual([]);
  const refused: TurnView | undefined = view().turns[0];
  if (refused) again(refused);
  expect(bed.sent[1]?.messageId).toBe("id1");
});

test("a prompt whose client was closed stays for the next one", async () => {
  const bed = opening();
  const { subscribe, ask, outbox } = desk(bed);
  subscribe(() => {});
  ask("Why?");
  bed.sent[0]?.close();
  await bed.settle();
  expect(outbox.items()).toEqual([{ messageId: "id1", text: "Why?" }]);
});

test("asking again after an end is a new prompt with the same text", () => {
  const bed = opening();
  const { subscribe, again } = desk(bed);
  subscribe(() => {});
  again({ messageId: "old", state: "failed", text: "Well", prompt: "Why?" });
  again({ messageId: "foreign", state: "failed", text: "Well" });
  expect(bed.sent.map(({ text, messageId }) => [text, messageId])).toEqual([["Why?", "id1"]]);
});

test("stopping what has ended meanwhile is no fault", async () => {
  const bed = opening();
  const { subscribe, stop } = desk(bed);
  subscribe(() => {});
  stop({ messageId: "m", state: "running", text: "" });
  await bed.settle();
  expect(bed.cancelled).toEqual(["m"]);
});

test("an outbox that holds nonsense is empty", () => {
  const keep = memoryKeep();
  for (const nonsense of ["{", "null", '{"a":1}', '[1,{"messageId":2},{"text":"x"}]']) {
    keep.set("outbox.c", nonsense);
    expect(createOutbox("c", keep).items()).toEqual([]);
  }
});
