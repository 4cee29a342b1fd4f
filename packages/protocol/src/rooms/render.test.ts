import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { EscapedText, Moment } from "../moment.ts";
import { escapeText, lengthOf, startOf } from "./escaped-text.ts";
import { pastMessage } from "./past-message.ts";
import { renderRoomMoment } from "./render.ts";
import type { RoomVoice } from "./room-voice.ts";

/** A moment as data: its texts stand unescaped. */
interface MomentData {
  readonly kind: Moment["kind"];
  readonly delta?: string;
  readonly whole?: string;
  readonly text?: string;
}

interface Vectors {
  readonly roomId: string;
  readonly cursor: string;
  readonly before: string;
  readonly facts: ReturnType<NonNullable<RoomVoice["facts"]>>;
  readonly cases: readonly {
    readonly title: string;
    readonly part2: boolean;
    readonly moment: MomentData;
    readonly events: readonly unknown[];
  }[];
}

const vectors: Vectors = JSON.parse(
  readFileSync(new URL("../../vectors/rooms/render.json", import.meta.url), "utf8"),
);

/** One piece in bytes and one as a string, as a growing text hands them out. */
const pieces = (text: string): EscapedText => {
  let middle = text.length >> 1;
  if (/[\ud800-\udbff]/.test(text[middle - 1] ?? "")) middle += 1;
  return [new TextEncoder().encode(escapeText(text.slice(0, middle))), escapeText(text.slice(middle))];
};

const decoder = new TextDecoder();
const joined = (text: EscapedText): string =>
  text.map((piece) => (typeof piece === "string" ? piece : decoder.decode(piece))).join("");

const momentOf = (data: MomentData): Moment => {
  const { delta = "", whole = "", text = "" } = data;
  const texts =
    data.kind === "text"
      ? { delta: () => pieces(delta), whole: () => pieces(whole) }
      : data.kind === "ended"
        ? { text: pieces(text) }
        : {};
  const moment: Moment = Object.assign(JSON.parse(JSON.stringify(data)), texts);
  return moment;
};

test.each(vectors.cases)("rooms wire: $title", ({ part2, moment, events }) => {
  const { roomId, cursor, before, facts } = vectors;
  const voice = { roomId, part2, facts: () => facts };
  const rendered = renderRoomMoment(momentOf(moment), voice, cursor, () => before);
  expect(
    rendered.map(({ payload, ...event }) => {
      const read: unknown = JSON.parse(joined(payload));
      return { ...event, payload: read };
    }),
  ).toEqual(events);
});

test.each(vectors.cases)("a page of history says of $title what a join with history says", (one) => {
  const moment = momentOf(one.moment);
  if (!one.part2 || !("past" in moment) || !moment.past) return;
  const { roomId, cursor } = vectors;
  const [event] = renderRoomMoment(moment, { roomId, part2: true }, cursor);
  const told: unknown = event && JSON.parse(joined(event.payload));
  const message = pastMessage(roomId, moment.entry);
  if (message?.type === "sbaw.function_decided")
    expect(told).toEqual({ ...message.data, past: true, cursor });
  else expect(told).toEqual(message && { ...message, past: true, cursor });
});

test("P4 an escaped text is measured and cut where the text itself would be", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.nat(), (said, at) => {
      const text = said.toWellFormed();
      let cut = at % (text.length + 1);
      if (/[\udc00-\udfff]/.test(text[cut] ?? "")) cut += 1;
      expect(lengthOf(pieces(text))).toBe(text.length);
      expect(JSON.parse(`"${joined(startOf(pieces(text), cut))}"`)).toBe(text.slice(0, cut));
    }),
  );
});
