import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import vectors from "../../../protocol/vectors/rooms/render.json" with { type: "json" };
import { foldSending } from "../conversation-state.ts";
import { foldRoom, foldSent } from "./fold-room.ts";
import { type RoomState, emptyRoom, withConversation } from "./room-state.ts";

const heads = [
  "receive_message",
  "turn_queued",
  "stream_start",
  "stream_chunk",
  "stream_end",
  "stream_error",
  "function_decided",
  "room_changed",
] as const;

const fold = (events: readonly { readonly name: string; readonly payload: unknown }[]): RoomState =>
  events.reduce(
    (state, { name, payload }) => foldRoom(state, name.split(" ")[0] ?? "", payload, 5),
    emptyRoom("room_1"),
  );

describe("foldRoom", () => {
  it.each(vectors.cases)("makes one turn of $title at most, and keeps its place", ({ events }) => {
    const { conversation } = fold(events);
    expect(conversation.view.turns.length).toBeLessThanOrEqual(1);
    const told = events.some(({ name }) => heads.some((head) => name.startsWith(`${head} `)));
    expect(conversation.cursor).toBe(told ? vectors.cursor : undefined);
  });

  it("P2 two people whose clients gave the same id have two turns", () => {
    const said = (user: string, turn: number) => ({
      name: "receive_message room_1",
      payload: {
        type: "sbaw.text_message.user",
        data: { id: "17", user_id: user, content: user, message_id: `room_1_${turn}` },
      },
    });
    const queued = (turn: number) => ({
      name: "turn_queued room_1",
      payload: { message_id: `room_1_${turn}`, client_message_id: "17" },
    });
    const chunk = (turn: number, content: string) => ({
      name: "stream_chunk room_1",
      payload: { message_id: `room_1_${turn}`, content, offset: 0, done: false },
    });
    const { conversation } = fold([
      said("a", 3),
      queued(3),
      said("b", 4),
      queued(4),
      chunk(4, "B"),
      chunk(3, "A"),
    ]);
    expect(conversation.view.turns).toMatchObject([
      { messageId: "a/17", turn: 3, text: "A", prompt: "a" },
      { messageId: "b/17", turn: 4, text: "B", prompt: "b" },
    ]);
  });

  it("a turn that begins before its prompt is acknowledged is the turn of that prompt", () => {
    const asked = withConversation(
      emptyRoom("room_1"),
      foldSending(emptyRoom("room_1").conversation, { messageId: "m1", text: "Hi" }),
    );
    const started = foldRoom(asked, "stream_start", { message_id: "room_1_3" }, 5);
    const chunk = { message_id: "room_1_3", content: "Hel", offset: 0, done: false };
    const sent = foldSent(foldRoom(started, "stream_chunk", chunk, 5), "m1", "room_1_3", 5);
    expect(sent.conversation.view.turns).toMatchObject([
      { messageId: "m1", turn: 3, prompt: "Hi", text: "Hel", state: "running" },
    ]);
  });

  it("takes anything at all without throwing", () => {
    const payload = fc.record(
      {
        type: fc.constantFrom(
          "sbaw.text_message.user",
          "sbaw.text_message.assistant",
          "sbaw.function_call",
          "sbaw.function_result",
          "sbaw.reasoning",
        ),
        message_id: fc.oneof(fc.constant("room_1_3"), fc.anything()),
        call_id: fc.constantFrom("c1", 7),
        content: fc.anything(),
        offset: fc.anything(),
        state: fc.anything(),
        past: fc.boolean(),
        cursor: fc.oneof(fc.constant("v1.a.3"), fc.anything()),
        data: fc.record(
          {
            id: fc.oneof(fc.string(), fc.anything()),
            message_id: fc.oneof(fc.constant("room_1_3"), fc.anything()),
            call_id: fc.constantFrom("c1", 7),
            created_timestamp: fc.anything(),
            files: fc.anything(),
            result: fc.anything(),
            stop_reason: fc.constantFrom(null, "stop", "error", 7),
            token_usage: fc.anything(),
          },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: [] },
    );
    const event = fc.record({ name: fc.constantFrom(...heads), payload: fc.oneof(payload, fc.anything()) });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), (events) => {
        for (const { text } of fold(events).conversation.view.turns) expect(typeof text).toBe("string");
      }),
    );
  });
});
