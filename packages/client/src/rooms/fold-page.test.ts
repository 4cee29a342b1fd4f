import type { Entry, NewEntry } from "@colloquy/protocol";
import { pastMessage } from "@colloquy/protocol/rooms";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type Fields, isFields } from "../read-payload.ts";
import { foldPage, keepPast, type Unbegun } from "./fold-page.ts";
import { foldRoom } from "./fold-room.ts";
import { type RoomState, emptyRoom } from "./room-state.ts";

const room = "room_1";

/** Two turns that overlap: the first waits for an approval while the second is answered; a third goes on. */
const log: readonly NewEntry[] = [
  { kind: "prompt", at: 1, id: "ann/1", author: "ann", text: "Pay", assistant: "aisuite.m" },
  { kind: "reasoning", at: 2, turn: 1, part: "1.1.0", text: "hm" },
  { kind: "answer", at: 2, turn: 1, part: "1.1.1", offset: 0, text: "One moment." },
  { kind: "tool-call", at: 3, turn: 1, callId: "call_1_1", name: "pay", arguments: "{}", until: 99 },
  { kind: "prompt", at: 4, id: "bob/1", author: "bob", text: "And?", assistant: "aisuite.m" },
  { kind: "answer", at: 5, turn: 5, part: "5.1.0", offset: 0, text: "Well." },
  { kind: "turn-end", at: 6, turn: 5, end: "completed", ms: 2 },
  { kind: "approval", at: 7, turn: 1, callId: "call_1_1", state: "granted", by: "bob" },
  { kind: "tool-result", at: 8, turn: 1, callId: "call_1_1", outcome: "result", content: "paid" },
  { kind: "prompt", at: 9, id: "ann/2", author: "ann", text: "More", assistant: "aisuite.m" },
  { kind: "answer", at: 10, turn: 1, part: "1.1.2", offset: 11, text: " Paid." },
  { kind: "turn-end", at: 11, turn: 1, end: "completed", ms: 5 },
  { kind: "answer", at: 12, turn: 10, part: "10.1.0", offset: 0, text: "So far" },
];
const entries = log.map((entry, i): Entry => ({ ...entry, n: i + 1 }));
const messages = entries.flatMap((entry): readonly Fields[] => {
  const message = pastMessage(room, entry);
  return isFields(message) ? [message] : [];
});

/** What somebody knows who has joined with the newest so many messages. */
const joined = (history: number): { state: RoomState; unbegun: Unbegun } => {
  let state = emptyRoom(room);
  let unbegun: Unbegun = new Map();
  for (const message of messages.slice(messages.length - history)) {
    const past: Fields = { ...message, past: true };
    const decided = past["type"] === "sbaw.function_decided" && isFields(past["data"]);
    state = decided
      ? foldRoom(state, "function_decided", past["data"], 5)
      : foldRoom(state, "receive_message", past, 5);
    unbegun = keepPast(unbegun, past);
  }
  return { state, unbegun };
};

test("P2 pages of any length lead to what one is told who joins with all of them", () => {
  const all = joined(messages.length).state.conversation.view.turns;
  expect(all).toMatchObject([
    {
      messageId: "ann/1",
      text: "One moment. Paid.",
      reasoning: "hm",
      state: "completed",
      workMs: 5,
      calls: [{ id: "call_1_1", at: 11, state: "done", by: "bob", result: "paid" }],
    },
    { messageId: "bob/1", text: "Well.", state: "completed" },
    { messageId: "ann/2", text: "So far" },
  ]);
  const lengths = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 14, maxLength: 14 });
  fc.assert(
    fc.property(fc.nat({ max: messages.length }), lengths, (history, pages) => {
      let { state, unbegun } = joined(history);
      let end = messages.length - history;
      for (const length of pages) {
        const begin = Math.max(0, end - length);
        ({ state, unbegun } = foldPage(state, unbegun, messages.slice(begin, end), 5));
        end = begin;
      }
      expect(state.conversation.view.turns.map(({ turn }) => turn)).toEqual([1, 5, 10]);
      for (const [i, turn] of state.conversation.view.turns.entries()) {
        const { state: is, ...rest } = turn;
        const { state: was, ...told } = all[i] ?? turn;
        expect(rest).toEqual(told);
        // Of the one that goes on, what is told live decides.
        if (rest.turn !== 10) expect(is).toBe(was);
      }
    }),
  );
});

test("a page of what has grown on meanwhile keeps what has grown, and the files that this page has", () => {
  const { state: before, unbegun } = joined(1);
  const grown = foldRoom(
    before,
    "stream_chunk",
    { message_id: `${room}_10`, content: ", and on", offset: 6, done: false },
    5,
  );
  const { state } = foldPage(grown, unbegun, messages.slice(0, -1), 5);
  expect(state.conversation.view.turns.at(-1)).toMatchObject({
    messageId: "ann/2",
    prompt: "More",
    text: "So far, and on",
  });
});
