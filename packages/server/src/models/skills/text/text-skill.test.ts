import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createTextSkill } from "./text-skill.ts";

const skill = createTextSkill();
const answer = (text: string): unknown => skill.respond({ text }, AbortSignal.any([]));

test.each([
  ['how many words in "the quick brown fox"', '"the quick brown fox" has 4 words.'],
  ["count the lines in:\none\ntwo\nthree", "That text has 3 lines."],
  ["how many characters in 👨‍👩‍👧", '"👨‍👩‍👧" has 1 character.'],
  ["how many bytes in é", '"é" has 2 bytes.'],
  ["how many r's in strawberry", '"r" occurs 3 times in "strawberry".'],
  ["crc32 of 123456789", "CRC32: cbf43926"],
  ["md5 hello", "MD5: 5d41402abc4b2a76b9719d911017c592"],
  ["url encode a b&c", "a%20b%26c"],
  ["url decode a%20b+c", "a b c"],
  ["base64 decode @@@", "That is not Base64."],
  ["decode base64 /w==", "these bytes, which are no text: ff"],
  ["decode hex 68656c6c6f", "hello"],
  ["reverse: e\u0301a", "ae\u0301"],
  ["convert hello world to title case", "Hello World"],
  ["unicode of é", "é is U+00E9 (233)"],
  [
    "is A man, a plan, a canal: Panama a palindrome?",
    'Yes, "A man, a plan, a canal: Panama" reads the same backwards.',
  ],
])("%s", (asked, expected) => {
  expect(answer(asked)).toBe(expected);
});

/** Text that is not itself in quotes, does not begin or end in space or a question mark, and is no kind of text. */
const plain = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 100 })
  .map((text) => text.toWellFormed())
  .filter((text) => text === text.trim() && /^[\p{L}\p{N}]/u.test(text) && !/[?!.]$|['"`”’»“]/.test(text));

test("whatever is encoded comes back as it was", () => {
  fc.assert(
    fc.property(plain, fc.constantFrom("base64", "hex", "url"), (text, codec) => {
      const encoded = answer(`${codec} encode "${text}"`);
      expect(answer(`${codec} decode "${String(encoded)}"`)).toBe(text);
    }),
  );
});

test("a hash is that of the text as it was written", () => {
  fc.assert(
    fc.property(plain, (text) => {
      expect(answer(`sha256 of "${text}"`)).toBe(
        `SHA256: ${createHash("sha256").update(text).digest("hex")}`,
      );
    }),
  );
});

test("P5 what is too long to be given back is only counted", () => {
  expect(answer(`reverse "${"x".repeat(5_000)}"`)).toMatch(/too long/);
  expect(answer(`how many characters in "${"x".repeat(5_000)}"`)).toBe("That text has 5,000 characters.");
});
