import { ClientError, type ConversationView, type TurnView } from "@colloquy/client";
import { expect, test } from "vitest";
import { createDesk, type DeskConversation } from "./desk.ts";
import { createOutbox } from "./outbox.ts";
import { memoryKeep } from "../parts/memory-keep.ts";

interface Sent {
  readonly text: string;
  readonly messageId: string | undefined;
  readonly files: number;
  readonly accept: () => void;
  readonly refuse: () => void;
  /** The client ends, as it does when somebody else signs in. */
  readonly close: () => void;
}

const opening = () => {
  const sent: Sent[] = [];
  const cancelled: (string | undefined)[] = [];
  let view: ConversationView = { phase: "live", turns: [], more: false };
  const conversation: DeskConversation = {
    view: () => view,
    prompt: (text, options = {}) =>
      new Promise((resolve, reject) => {
        const { messageId, files = [] } = options;
        const id = messageId ?? "";
        const accept = (): void => resolve(undefined);
        const refuse = (): void => {
          view = { ...view, turns: [{ messageId: id, state: "refused", text: "", prompt: text }] };
          reject(new ClientError("empty_prompt"));
        };
        const close = (): void => reject(new ClientError("closed"));
        sent.push({ text, messageId, files: files.length, accept, refuse, close });
      }),
    cancel(messageId) {
      cancelled.push(messageId);
      return Promise.reject(new Error("it has ended"));
    },
    approve: () => Promise.resolve(),
    deny: () => Promise.reject(new ClientError("already_decided")),
    older: () => Promise.resolve(false),
  };
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const show = (turns: readonly TurnView[]): void => {
    view = { ...view, turns };
  };
  return { conversation, sent, cancelled, show, settle };
};

const desk = (bed: ReturnType<typeof opening>, keep = memoryKeep(), open = true) => {
  let count = 0;
  const outbox = createOutbox("c", keep);
  const made = createDesk(open ? bed.conversation : undefined, outbox, () => `id${(count += 1)}`);
  made.resume();
  return { ...made, outbox, view: bed.conversation.view };
};

test("P6 a prompt that was not acknowledged before a reload goes out again under the same id", async () => {
  const keep = memoryKeep();
  const bed = opening();
  desk(bed, keep).ask("Why?");
  const after = desk(bed, keep);
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
  const { ask, again, view, outbox } = desk(bed);
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
  const { ask, outbox } = desk(bed);
  ask("Why?");
  bed.sent[0]?.close();
  await bed.settle();
  expect(outbox.items()).toEqual([{ messageId: "id1", text: "Why?" }]);
});

test("asking again after an end is a new prompt with the same text", () => {
  const bed = opening();
  const { again } = desk(bed);
  again({ messageId: "old", state: "failed", text: "Well", prompt: "Why?" });
  again({ messageId: "foreign", state: "failed", text: "Well" });
  expect(bed.sent.map(({ text, messageId }) => [text, messageId])).toEqual([["Why?", "id1"]]);
});

test("what has not gone out is taken back with its words, and does not go out on the next visit", async () => {
  const keep = memoryKeep();
  const bed = opening();
  const { ask, outbox, takeBack } = desk(bed, keep);
  ask("Why?");
  ask("And how?");
  expect(takeBack()).toBe("Why?\n\nAnd how?");
  expect(bed.cancelled).toEqual(["id1", "id2"]);
  bed.sent[0]?.close();
  await bed.settle();
  expect(outbox.items()).toEqual([]);
  expect(takeBack()).toBe("");
});

test("of several answers that one is stopped which one may stop", () => {
  const bed = opening();
  const { stopAnswer } = desk(bed);
  bed.show([
    { messageId: "a", state: "running", text: "" },
    { messageId: "b", state: "waiting", text: "" },
  ]);
  stopAnswer(({ messageId }) => messageId !== "a");
  stopAnswer(() => true);
  stopAnswer(() => false);
  expect(bed.cancelled).toEqual(["b", "a"]);
});

test("stopping what has ended meanwhile is no fault", async () => {
  const bed = opening();
  const { stop } = desk(bed);
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

test("what is asked before the conversation is open goes out when it is", () => {
  const keep = memoryKeep();
  const bed = opening();
  desk(bed, keep, false).ask("Why?");
  expect(bed.sent).toEqual([]);
  desk(bed, keep);
  expect(bed.sent.map(({ text }) => text)).toEqual(["Why?"]);
});

test("a decision that came too late is told in a sentence", async () => {
  const { decide } = desk(opening());
  expect(await decide("call_1_1", true)).toBeUndefined();
  expect(await decide("call_1_1", false)).toBe("That call has been decided already.");
});

test("asking again takes along the files, also those that must be fetched, without those that cannot be had", async () => {
  const bed = opening();
  const fetched: string[] = [];
  const file = async (messageId: string, index: number) => {
    fetched.push(`${messageId} ${index}`);
    if (index > 1) throw new ClientError("not_found");
    return { name: "b.txt", type: "text/plain", data: "Yg==" };
  };
  const { again } = createDesk({ ...bed.conversation, file }, createOutbox("c", memoryKeep()));
  const kept = { name: "a.txt", type: "text/plain", size: 1, data: "YQ==" };
  const told = { name: "b.txt", type: "text/plain", size: 1 };
  again({ messageId: "m", state: "refused", text: "", prompt: "Read", files: [kept, told, told] });
  await bed.settle();
  expect(bed.sent[0]).toMatchObject({ messageId: "m", files: 2 });
  expect(fetched).toEqual(["m 1", "m 2"]);
});
