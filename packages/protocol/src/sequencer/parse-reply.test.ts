import * as fc from "fast-check";
import { expect, test } from "vitest";
import heardVectors from "../../vectors/sequencer/heard.json" with { type: "json" };
import replyVectors from "../../vectors/sequencer/reply.json" with { type: "json" };
import { parseHeard } from "./parse-heard.ts";
import { parseReply, parseSigned } from "./parse-reply.ts";
import { renderBroadcast } from "./render-broadcast.ts";
import { renderDecline, renderReply } from "./render-reply.ts";
import type { Generation } from "./shapes.ts";

test.each(replyVectors)("P12 vector: $title", ({ input, output }) => {
  expect(parseReply(input)).toStrictEqual(output);
});

test.each(heardVectors)("P12 vector: $title", ({ input, output }) => {
  expect(parseHeard(input)).toStrictEqual(output);
});

test("P12 a datagram of nesting ends nothing", () => {
  const half = 32_000;
  const deep = "[".repeat(half) + "]".repeat(half);
  expect(parseReply("[".repeat(2 * half))).toMatchObject({ ok: false, code: "bad_json" });
  expect(parseReply(`{"message":${deep}}`)).toMatchObject({ ok: false, why: "text" });
  expect(parseHeard(`{"message":"x","history":${deep}}`)).toMatchObject({ ok: true });
});

const value = fc.oneof(
  fc.constantFrom("x", "Node-5001", "", "True", true, null),
  fc.jsonValue(),
  fc.string(),
);
const names = ["message", "work_summary", "current_prompt", "sysbool", "sender", "id", "decline", "history"];
const anything = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.json(),
  fc
    .record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] })
    .map((made) => JSON.stringify(made)),
);

test("P12 whatever comes, it is understood or named, in well-formed words", () => {
  fc.assert(
    fc.property(anything, (source) => {
      const parsed = parseReply(source);
      if (parsed.ok)
        for (const said of Object.values(parsed.reply))
          expect(typeof said !== "string" || said.isWellFormed()).toBe(true);
      else expect(parsed.why).not.toBe("");
      expect(parseHeard(source).ok).toBeTypeOf("boolean");
      expect(parseSigned(source)).toBeUndefined();
    }),
    { numRuns: 2_000, verbose: 1 },
  );
});

const generation = fc.constantFrom<Generation>(1, 2);
const text = fc.string({ unit: "binary" });

test("what one side writes the other reads, in either generation", () => {
  fc.assert(
    fc.property(generation, text, fc.boolean(), (form, said, sysbool) => {
      const reply = {
        text: said,
        sysbool,
        sender: "Node-5001",
        generation: form,
        id: "a1",
        time: "01:02:03",
      };
      expect(parseReply(renderReply(reply, 65_507).text)).toMatchObject({
        ok: true,
        reply: { text: said.toWellFormed(), sysbool: sysbool ? "True" : "False", port: 5001, id: "a1" },
      });
      const prompt = { prompt: said, history: [], generation: form, listenPort: 5000, time: "01:02:03" };
      const rendered = renderBroadcast(prompt, 65_507);
      expect(rendered.fits && parseHeard(rendered.text)).toMatchObject({
        heard: { prompt: said.toWellFormed(), generation: form },
      });
    }),
    { verbose: 1 },
  );
  expect(parseReply(renderDecline("Node-5001", "a1"))).toMatchObject({ reply: { decline: true, id: "a1" } });
});
