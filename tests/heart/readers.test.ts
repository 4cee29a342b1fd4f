import fc from "fast-check";
import { expect, test } from "vitest";
import type { MemoryContent } from "../../packages/server/src/stores/memory-store.ts";
import type { Store } from "../../packages/server/src/stores/store.ts";
import { ada, makeBed } from "./bed.ts";
import { Ear } from "./ear.ts";
import { createPuppet } from "./puppet-model.ts";

const pieces = fc.array(
  fc.oneof(fc.string({ unit: "grapheme", maxLength: 8 }), fc.constantFrom("\ud83d", "\ude00", '"\\\n', "é")),
  {
    minLength: 1,
    maxLength: 30,
  },
);

test("P4 P2 P5 readers that come, go deaf, leave and resume at any moment all end with the same text", async () => {
  await fc.assert(
    fc.asyncProperty(pieces, fc.array(fc.nat(5), { minLength: 30, maxLength: 30 }), async (said, actions) => {
      const model = createPuppet();
      const { heart, listen } = await makeBed({ model });
      const steady = listen("channel:a").ear;
      await heart.prompt(ada, "channel:a", { text: "Go" });
      const call = await model.asked();
      const ears = [steady];
      let { ear: restless, reader } = listen("channel:a");
      ears.push(restless);
      for (const [i, piece] of said.entries()) {
        call.say(piece);
        switch (actions[i]) {
          case 0:
            // The connection is lost; its cursor goes on with a new one.
            reader.close();
            ({ reader } = listen("channel:a", { ear: restless, cursor: restless.cursor }));
            break;
          case 1:
            restless.deaf = true;
            break;
          case 2:
            restless.deaf = false;
            reader.wake();
            break;
          case 3:
            ({ ear: restless, reader } = listen("channel:a"));
            ears.push(restless);
            break;
          case 4:
            await new Promise((resolve) => setTimeout(resolve, 6));
            break;
          default:
            break;
        }
      }
      restless.deaf = false;
      call.finish();
      await steady.untilEnded(1);
      reader.wake();
      await restless.untilEnded(1);
      const whole = said.join("").toWellFormed();
      expect(steady.texts.get(1) ?? "").toBe(whole);
      expect(restless.texts.get(1) ?? "").toBe(whole);
      const { entries } = await heart.history(ada, "channel:a", {});
      expect(entries.flatMap((entry) => (entry.kind === "answer" ? [entry.text] : [])).join("")).toBe(whole);
      await heart.close();
    }),
    { numRuns: 60 },
  );
});

test("P8 a reader that comes while a turn runs is told at once, with all of the text in one frame", async () => {
  const model = createPuppet();
  const { heart, listen } = await makeBed({ model });
  const { ear } = listen("channel:a");
  await heart.prompt(ada, "channel:a", { text: "Hi" });
  const call = await model.asked();
  const early = listen("channel:a").ear;
  expect(early.kinds()).toEqual(["present"]);
  call.say("some text");
  await ear.until(() => ear.texts.get(1) === "some text");
  const late = listen("channel:a").ear;
  expect(late.heard).toEqual([
    { kind: "present", turn: 1 },
    { kind: "text", turn: 1, offset: 0, reset: false, delta: "some text" },
  ]);
});

test("a turn that ended meanwhile: its missing text, then its end", async () => {
  const model = createPuppet();
  const { heart, listen } = await makeBed({ model });
  const { ear, reader } = listen("channel:a");
  await heart.prompt(ada, "channel:a", { text: "Hi" });
  const call = await model.asked();
  call.say("first half, ");
  await ear.until(() => ear.texts.size === 1);
  reader.close();
  const other = listen("channel:a").ear;
  call.say("second half");
  call.finish();
  await other.untilEnded(1);
  const back = listen("channel:a", { ear, cursor: ear.cursor });
  expect((await back.reader.placed).recovered).toBe(true);
  await ear.untilEnded(1);
  expect(ear.texts.get(1)).toBe("first half, second half");
});

test("P5 a deaf reader holds up nobody and is owed nothing but one frame", async () => {
  const model = createPuppet();
  const { heart, listen } = await makeBed({ model });
  const { ear } = listen("channel:a");
  const slow = listen("channel:a");
  await heart.prompt(ada, "channel:a", { text: "Hi" });
  const call = await model.asked();
  slow.ear.deaf = true;
  for (let i = 0; i < 50; i += 1) {
    call.say(`${i} `);
    if (i % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 6));
  }
  await ear.until(() => (ear.texts.get(1) ?? "").endsWith("49 "));
  slow.ear.deaf = false;
  const before = slow.ear.heard.filter((one) => one.kind === "text").length;
  slow.reader.wake();
  expect(slow.ear.texts.get(1)).toBe(ear.texts.get(1));
  expect(slow.ear.heard.filter((one) => one.kind === "text").length).toBe(before + 1);
  call.finish();
  await slow.ear.untilEnded(1);
});

test("history is told as history: entries once, no ends that set anything off", async () => {
  const model = createPuppet();
  const { heart, listen } = await makeBed({ model });
  const { ear } = listen("channel:a");
  for (let i = 0; i < 3; i += 1) {
    const { turn } = await heart.prompt(ada, "channel:a", { text: `q${i}` });
    const call = await model.asked(i);
    call.say(`a${i}`);
    call.finish();
    await ear.untilEnded(turn);
  }
  const { ear: late, reader } = listen("channel:a", { history: 5 });
  expect((await reader.placed).recovered).toBe(false);
  await late.until(() => late.heard.length === 5);
  expect(late.heard.every((one) => "past" in one && one.past)).toBe(true);
  expect(late.kinds()).toEqual(["ended", "prompt", "note", "answer", "ended"]);
});

test.each([
  ["malformed", "nonsense"],
  ["of another log", "v1.0123456789abcdef.1"],
  ["from the future", "FUTURE"],
  ["with a text from the future", "TEXT"],
])("a cursor that is %s means from now, with the whole present state", async (_what, given) => {
  const model = createPuppet();
  const { heart, listen } = await makeBed({ model });
  const { ear } = listen("channel:a");
  await heart.prompt(ada, "channel:a", { text: "Hi" });
  (await model.asked()).say("text");
  await ear.until(() => ear.texts.get(1) === "text");
  const [, log = ""] = ear.cursor.split(".");
  const cursor = given === "FUTURE" ? `v1.${log}.99` : given === "TEXT" ? `v1.${log}.2.1-999-0` : given;
  const { ear: other, reader } = listen("channel:a", { cursor });
  expect((await reader.placed).recovered).toBe(false);
  expect(other.kinds()).toEqual(["present", "text"]);
  expect(other.texts.get(1)).toBe("text");
});

test("a cursor that was given before the conversation existed leads to its beginning", async () => {
  const model = createPuppet();
  const { heart, listen } = await makeBed({ model });
  const first = listen("channel:a");
  const { cursor } = await first.reader.placed;
  first.reader.close();
  await heart.prompt(ada, "channel:a", { text: "Hi" });
  const ear = new Ear();
  const { reader } = listen("channel:a", { cursor, ear });
  expect((await reader.placed).recovered).toBe(true);
  await ear.until(() => ear.heard.length === 2);
  expect(ear.kinds()).toEqual(["prompt", "note"]);
});

test("P5 many readers that lag at different places do not push each other's pages out", async () => {
  const content: MemoryContent = new Map();
  const model = createPuppet();
  const first = await makeBed({ model, content });
  const { ear } = first.listen("channel:a");
  const cursors: string[] = [];
  for (let i = 0; i < 60; i += 1) {
    await first.heart.prompt(ada, "channel:a", { text: `${i}` });
    (await model.asked(i)).finish();
    await ear.until(() => ear.ends.size === i + 1);
    cursors.push(ear.cursor);
  }
  // A store that answers what was asked together in one go, as one that is asked by messages does.
  let reads = 0;
  let together: (() => void)[] = [];
  const store = (plain: Store): Store => ({
    ...plain,
    readAfter: async (...asked) => {
      reads += 1;
      const found = await plain.readAfter(...asked);
      await new Promise<void>((resolve) => {
        if (together.push(resolve) > 1) return;
        setImmediate(() => {
          const all = together;
          together = [];
          for (const one of all) one();
        });
      });
      return found;
    },
  });
  const { listen } = await makeBed({ model, content, store });
  const ears = cursors.map((cursor) => listen("channel:a", { cursor }).ear);
  await Promise.all(ears.map((one, i) => one.until(() => one.ends.size === 59 - i)));
  // Three entries a turn, 32 a page.
  const needed = cursors.reduce((sum, _cursor, i) => sum + Math.ceil(((59 - i) * 3) / 32), 0);
  expect(reads).toBeLessThanOrEqual(needed + cursors.length);
});
