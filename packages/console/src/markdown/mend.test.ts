import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { definitionsFor, knownDefinitions } from "./definitions.ts";
import { mend } from "./mend.ts";
import { mendInline } from "./mend-inline.ts";
import { rendered, visible } from "./rendered.ts";
import { sampleAnswers } from "./sample-answers.ts";
import { splitBlocks } from "./split-blocks.ts";

/** What a person reads of a text, as the page shows it while it grows or when it is done. */
const seen = (text: string, growing: boolean): string => {
  const blocks = splitBlocks(text);
  const known = knownDefinitions(blocks, growing);
  const words = blocks.map(({ source, code }, i) => {
    if (code) return code.text.replace(/\s+/g, "");
    const shown = growing && i === blocks.length - 1 ? mend(source) : source;
    return visible(rendered(shown + definitionsFor(source, known)));
  });
  return words.join("");
};

describe("mending what is still being written", () => {
  test.each(sampleAnswers.map((text, i) => [i, text] as const))(
    "P4 sample %i: what is seen is at every character the beginning of what will be seen",
    (_, text) => {
      const whole = seen(text, false);
      for (let end = 0; end <= text.length; end += 1) {
        const now = seen(text.slice(0, end), true);
        expect(
          whole.startsWith(now),
          `after ${JSON.stringify(text.slice(Math.max(0, end - 40), end))}: …${now.slice(-40)}`,
        ).toBe(true);
      }
    },
  );

  test.each([
    ["**bold", "**bold**"],
    ["**bold*", "**bold**"],
    ["a **", "a "],
    ["***both", "***both***"],
    ["**a *b", "**a *b***"],
    ["*done* and", "*done* and"],
    ["snake_case_word", "snake_case_word"],
    ["2 * 3", "2 * 3"],
    ["~~gone", "~~gone~~"],
    ["about ~5", "about ~5"],
    ["say `code", "say `code`"],
    ["say `", "say "],
    ["``a ` b", "``a ` b``"],
    ["see [the docs", "see the docs"],
    ["see [the docs]", "see the docs"],
    ["see [the docs](http://exa", "see the docs"],
    ["see [**the docs](http://exa", "see **the docs**"],
    ["see [the docs](http://example.org)", "see [the docs](http://example.org)"],
    ["![a picture](http://exa", "a picture"],
    ["array[0", "array[0"],
    ["as said [1]", "as said [1]"],
    ["a backslash \\", "a backslash "],
    ["before a new line \\\n", "before a new line "],
    ["**before a new line\\\n", "**before a new line**"],
  ])("inline: %j becomes %j", (source, expected) => {
    expect(mendInline(source)).toBe(expected);
  });

  test.each([
    ["a list that could have been an underline", "Here are:\n-", "Here are:\n"],
    ["a heading without words", "Text\n\n##", "Text\n\n"],
    ["a number that could become an item", "Text\n\n1", "Text\n\n"],
    ["a fence before its language is known", "Text\n```j", "Text"],
    ["a link definition", "[docs]: http://exa", ""],
    ["a header row without its rule", "| a | b", "| a | b|\n| --- | --- |"],
    ["half a rule", "| a | b |\n|--", "| a | b |\n| --- | --- |"],
    ["half a row", "| a | b |\n|---|---|\n| **c", "| a | b |\n|---|---|\n| **c**|"],
  ])("lines: %s", (_, source, expected) => {
    expect(mend(source)).toBe(expected);
  });

  test("anything can be mended, and nothing is said that was not written", () => {
    const marks = fc.constantFrom(..."*_~`[]()|!\\-#>1. \n\tab".split(""));
    fc.assert(
      fc.property(
        fc.array(marks, { maxLength: 60 }).map((chars) => chars.join("")),
        (text) => {
          const words = (source: string): string => source.replace(/[^ab1]/g, "");
          expect(words(text).startsWith(words(mend(text)))).toBe(true);
        },
      ),
      { numRuns: 3_000 },
    );
  });
});
