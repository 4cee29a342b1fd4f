import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { EscapedText, Moment } from "../moment.ts";
import { channelVoice, escapeText, renderChannelMoment, renderRelay } from "./render.ts";

/** A moment as data: its texts stand unescaped. */
interface MomentData {
  readonly kind: Moment["kind"];
  readonly delta?: string;
  readonly whole?: string;
  readonly text?: string;
}

interface Vectors {
  readonly cursor: string;
  readonly before: string;
  readonly now: number;
  readonly cases: readonly {
    readonly title: string;
    readonly voice: { channel: string; part2: boolean; mode: "snapshot" | "delta"; old: boolean };
    readonly moment: MomentData;
    readonly frames: readonly unknown[];
  }[];
}

const vectors: Vectors = JSON.parse(
  readFileSync(new URL("../../vectors/channels/render.json", import.meta.url), "utf8"),
);

/** In bytes and strings by turns, as a growing text hands them out. */
const pieces = (text: string): EscapedText => {
  const escaped = escapeText(text);
  const middle = escaped.length >> 1;
  return /[\\\ud800-\udfff]/.test(escaped)
    ? [new TextEncoder().encode(escaped)]
    : [escaped.slice(0, middle), new TextEncoder().encode(escaped.slice(middle))];
};

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

const decoder = new TextDecoder();
const joined = (frame: EscapedText): string =>
  frame.map((piece) => (typeof piece === "string" ? piece : decoder.decode(piece))).join("");

test.each(vectors.cases)("channels wire: $title", ({ voice, moment, frames }) => {
  const rendered = renderChannelMoment(
    momentOf(moment),
    channelVoice(voice),
    vectors.cursor,
    vectors.now,
    () => vectors.before,
  );
  expect(rendered.map((frame): unknown => JSON.parse(joined(frame)))).toEqual(frames);
});

test("whatever the text, channel and ids are, a frame is one JSON object that says them", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }),
      fc.string({ unit: "binary" }),
      fc.string(),
      (text, channel, promptId) => {
        const name = channel.toWellFormed();
        const voice = channelVoice({ channel: name, part2: false, mode: "snapshot", old: true });
        const whole = (): EscapedText => [escapeText(text)];
        const turn = { turn: 1, promptId };
        const moment: Moment = {
          kind: "text",
          turn,
          first: false,
          offset: 0,
          reset: false,
          delta: whole,
          whole,
          ending: false,
        };
        const [frame = []] = renderChannelMoment(moment, voice, "v1.a.1", 0);
        expect(JSON.parse(joined(frame))).toMatchObject({
          channel: name,
          type: name,
          payload: { message: text.toWellFormed(), message_id: promptId },
        });
      },
    ),
  );
});

test("relayed values are handed on unchanged; only part 2 subscribers are told the cursor", () => {
  const json = '{"b":1,"a":12345678901234567890,"__proto__":{}}';
  const voice = { channel: "c", mode: "snapshot" as const, old: false };
  expect(joined(renderRelay(json, channelVoice({ ...voice, part2: false }), "x"))).toBe(
    `{"channel":"c","payload":${json}}`,
  );
  expect(joined(renderRelay(json, channelVoice({ ...voice, part2: true }), "x"))).toBe(
    `{"channel":"c","payload":${json},"cursor":"x"}`,
  );
});
