import * as fc from "fast-check";
import { expect, test } from "vitest";
import vectors from "../../vectors/rooms/parse.json" with { type: "json" };
import { isCode } from "../codes.ts";
import { parseRoomEvent } from "./parse.ts";

test.each(vectors)("P12 vector: $title", ({ event, output, ...sent }) => {
  expect(parseRoomEvent(event, "payload" in sent ? sent.payload : undefined)).toStrictEqual(output);
});

const room = "room_1";
const whole: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  find_chat: { chat_id: "c" },
  create_room: { chat_id: "c", model_api_source: "aisuite", model_id: "m" },
  join_room: { room_id: room, cursor: "x", history: 1 },
  leave_room: { room_id: room },
  history: { room_id: room, before: "7", limit: 3 },
  file: { room_id: room, message_id: "room_1_7", index: 0 },
  send_message: {
    room_id: room,
    message: {
      type: "sbaw.incoming.text_message.user",
      id: "1",
      data: { item: { content: "x", model_id: "m", files: [{ name: "a", type: "b", content: "aGk=" }] } },
    },
    model_id: "m",
  },
  event: {
    room_id: room,
    event: { type: "sbaw.assistant.update_session", id: "1", data: { instructions: "x", tools: ["a"] } },
  },
  approve_function: { room_id: room, call_id: "1", reason: "x" },
  deny_function: { room_id: room, call_id: "1", reason: "x" },
  function_result: { room_id: room, call_id: "1", result: "x" },
  function_error: { room_id: room, call_id: "1", error: "x" },
  cancel: { room_id: room, message_id: "1" },
  typing: { room_id: room },
  invite: { room_id: room, user_id: "u", role: "reader" },
  refresh_token: { token: "t" },
};

const wrong: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, undefined, "", "x".repeat(300), "\ud800", -1, 1.5, NaN, true, [], {}, [[]]),
  fc.jsonValue(),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
);

/** Puts something else in place of one member, however deep. */
const spoil = (value: unknown, path: readonly number[], by: unknown): unknown => {
  if (typeof value !== "object" || value === null || path.length === 0) return by;
  const entries = Object.entries(value);
  const [first = 0, ...rest] = path;
  const at = first % Math.max(entries.length, 1);
  const made = entries.map(([key, member], i): [string, unknown] => [
    key,
    i === at ? spoil(member, rest, by) : member,
  ]);
  return Array.isArray(value) ? made.map(([, member]) => member) : Object.fromEntries(made);
};

const depthFirst = (value: unknown): string[] =>
  typeof value === "string"
    ? [value]
    : typeof value === "object" && value !== null && !Buffer.isBuffer(value)
      ? Object.values(value).flatMap(depthFirst)
      : [];

test("P12 whatever an event holds, it is a command in well-formed words, or has a code and a name to answer under", () => {
  const name = fc.oneof(
    fc.constantFrom(...Object.keys(whole), ...Object.keys(whole).map((key) => `${key} ${room}`)),
    fc.string(),
    wrong,
  );
  fc.assert(
    fc.property(
      name,
      fc.array(fc.nat(9), { maxLength: 5 }),
      wrong,
      fc.boolean(),
      (event, path, by, other) => {
        const [head = ""] = typeof event === "string" ? event.split(" ") : [];
        const payload = other ? by : spoil(Object.hasOwn(whole, head) ? whole[head] : {}, path, by);
        const parsed = parseRoomEvent(event, payload);
        expect(parsed.refusedUnder).toMatch(
          /^(room_error|room_join_error|message_error|event_error|error)( .+)?$/s,
        );
        expect(parsed.refusedUnder).not.toBe("error");
        if (!parsed.ok) expect(isCode(parsed.code)).toBe(true);
        else if (parsed.command.kind !== "say") {
          expect(
            depthFirst({ ...parsed.command, cursor: "", token: "" }).every((text) => text.isWellFormed()),
          ).toBe(true);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test("P12 a result that is nested too deeply, or names the same bytes over and over, is refused before it is written out", () => {
  const deep: unknown = JSON.parse(`${"[".repeat(400_000)}${"]".repeat(400_000)}`);
  const bytes = Buffer.alloc(1_000_000);
  for (const result of [deep, bytes, Array.from({ length: 100_000 }, () => ({ bytes }))]) {
    const parsed = parseRoomEvent(`function_result ${room}`, { call_id: "1", result });
    expect(parsed).toMatchObject({ ok: false, code: "bad_frame", refusedUnder: `error ${room}` });
  }
  const sensible = { a: [[["b", null]], { c: 1 }] };
  expect(parseRoomEvent(`function_result ${room}`, { call_id: "1", result: sensible })).toMatchObject({
    ok: true,
    command: { content: JSON.stringify(sensible) },
  });
});
