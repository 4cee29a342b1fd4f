import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rendered } from "./rendered.ts";
import { sampleAnswers } from "./sample-answers.ts";
import { createBlockSplitter, splitBlocks } from "./split-blocks.ts";

const joined = (text: string): string =>
  splitBlocks(text)
    .map(({ source }) => source)
    .join("");

/** Texts full of what decides where a block ends. */
const soup = fc
  .array(
    fc.constantFrom(
      "\n\n",
      "\n",
      "\r\n",
      "\r",
      "\t",
      "\n- ",
      "\n1. ",
      "\n10) ",
      "\n* * *\n",
      "\n---\n",
      "\n```\n",
      "\n   ```js\n",
      "a",
      "b c",
      "- x",
      "2. y",
      "```",
      "~~~~",
      "  ",
      "    ",
      "[l]: http://e.org",
      "| a |",
      "==",
      "`",
      "~",
      "*",
      "_",
      "-",
      "1",
      ".",
      ")",
      "#",
      "> ",
      "<!--",
      "<pre>",
      "\\",
      "\u{1F600}",
      "\u05d0",
    ),
    { maxLength: 40 },
  )
  .map((pieces) => pieces.join(""));

describe("splitting an answer into blocks", () => {
  test("the blocks, joined, are the text, whatever the text", () => {
    fc.assert(
      fc.property(fc.oneof(soup, fc.string({ unit: "binary" })), (text) => {
        expect(joined(text)).toBe(text);
      }),
    );
  });

  test("while a text grows, its complete blocks stay as they are", () => {
    fc.assert(
      fc.property(soup, fc.nat(), (text, cut) => {
        const complete = splitBlocks(text.slice(0, cut % (text.length + 1))).slice(0, -1);
        expect(splitBlocks(text).slice(0, complete.length)).toEqual(complete);
      }),
      { numRuns: 2_000 },
    );
  });

  test("whether a fence closes, a list goes on or an underline follows is not decided before it is certain", () => {
    const marks = fc.constantFrom("```", "`", "~~~", "\n", "\n\n", "- ", "-", "1", ".", " ", "a");
    fc.assert(
      fc.property(fc.array(marks, { maxLength: 12 }), (pieces) => {
        const text = pieces.join("");
        const whole = splitBlocks(text);
        for (let end = 0; end < text.length; end += 1) {
          const complete = splitBlocks(text.slice(0, end)).slice(0, -1);
          expect(whole.slice(0, complete.length)).toEqual(complete);
        }
      }),
      // Two that were found: a rule of dashes that becomes an item when words follow.
      {
        numRuns: 5_000,
        examples: [[["- ", "\n\n", "- ", "- ", "- ", "```"]], [["- ", "\n\n", "-", " ", "- ", "- ", "a"]]],
      },
    );
  });

  test("a splitter that is fed a growing text says what a fresh one says, and keeps its complete blocks", () => {
    fc.assert(
      fc.property(soup, fc.array(fc.nat(), { maxLength: 8 }), (text, cuts) => {
        const split = createBlockSplitter();
        const ends = [...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
        let before: ReturnType<typeof split> = [];
        for (const end of ends) {
          const blocks = split(text.slice(0, end));
          expect(blocks).toEqual(splitBlocks(text.slice(0, end)));
          for (const [i, block] of before.slice(0, -1).entries()) expect(blocks[i]).toBe(block);
          before = blocks;
        }
      }),
    );
  });

  test("a splitter follows a text that was taken back and goes on differently", () => {
    const split = createBlockSplitter();
    split("one\n\ntwo\n\nthree");
    expect(split("one\n\nother").map(({ source }) => source)).toEqual(["one\n\n", "other"]);
  });

  const pieces = fc.constantFrom(
    "A paragraph\nof two lines.",
    "## A heading",
    "- one\n- two\n\n- loose\n\n  inside\n\n      code inside",
    "1. one\n\n   ```sh\n   npm test\n\n   npm start\n   ```\n\n2. two",
    "- ```\n  code\n\n  more\n  ```",
    "```ts\nconst a = 1;\n\n\nconst b = `x`;\n```",
    "````md\n```\n\ninner\n```\n````",
    "~~~\na\n\n```\n~~~",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "> quoted\n> lines\n>\n> - a list",
    "    indented\n\n    code",
    "***",
    "Title\n---",
    "<b>words</b>\n\n<!-- not\n\na comment -->",
  );

  test("blocks rendered one by one look like the whole text", () => {
    const bare = (html: string): string => html.replace(/\s+/g, " ").replace(/> </g, "><").trim();
    fc.assert(
      fc.property(
        fc.array(fc.tuple(pieces, fc.constantFrom("\n\n", "\n\n\n", "\n \n")), { maxLength: 6 }),
        (parts) => {
          const text = parts.map((part) => part.join("")).join("");
          const blocks = splitBlocks(text).map(({ source }) => rendered(source));
          expect(bare(blocks.join("\n"))).toBe(bare(rendered(text)));
        },
      ),
      { numRuns: 200 },
    );
  });

  test("a fence is a block of its own, with or without empty lines around it", () => {
    const blocks = splitBlocks("Look:\n```ts\nconst a = 1;\n\nconst b = 2;\n```\nThere.");
    expect(blocks.map(({ source, code }) => [source, code])).toEqual([
      ["Look:\n", undefined],
      [
        "```ts\nconst a = 1;\n\nconst b = 2;\n```\n",
        { language: "ts", text: "const a = 1;\n\nconst b = 2;" },
      ],
      ["There.", undefined],
    ]);
  });

  test("a fence that is still open is code already, and its closing marks never show", () => {
    const [block] = splitBlocks("```js\nlet a\n``");
    expect(block?.code).toEqual({ language: "js", text: "let a" });
  });

  test("the samples fall apart into many blocks", () => {
    for (const text of sampleAnswers) expect(splitBlocks(text).length).toBeGreaterThan(7);
  });
});
