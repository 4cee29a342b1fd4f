import { clear, inQuotes, readArgument, whole } from "./argument.ts";
import { kindOfText, re, type TextForm } from "./text-form.ts";

const counters: Readonly<Record<string, (text: string) => number>> = {
  word: (text) => countSegments(text, "word"),
  sentence: (text) => countSegments(text, "sentence"),
  character: (text) => countSegments(text, "grapheme"),
  letter: (text) => text.match(/\p{L}/gu)?.length ?? 0,
  vowel: (text) => text.match(/[aeiouàáâãäåèéêëìíîïòóôõöùúûü]/giu)?.length ?? 0,
  digit: (text) => text.match(/\p{Nd}/gu)?.length ?? 0,
  line: (text) => text.split(/\r\n|\n|\r/).length,
  byte: (text) => Buffer.byteLength(text),
};

const countSegments = (text: string, granularity: "word" | "sentence" | "grapheme"): number => {
  let count = 0;
  for (const { isWordLike } of new Intl.Segmenter("en", { granularity }).segment(text)) {
    if (granularity !== "word" || isWordLike === true) count += 1;
  }
  return count;
};

const say = (count: number, unit: string): string =>
  `${count.toLocaleString("en")} ${unit}${count === 1 ? "" : "s"}`;
const shown = (text: string): string =>
  text.length <= 60 && !text.includes("\n") ? `"${text}" has` : "That text has";

const unit = String.raw`(word|sentence|character|char|letter|vowel|digit|line|byte)s?`;
const ofOneWord = new Set(["character", "char", "letter", "vowel", "digit", "byte"]);

/**
 * How much of something there is in a text. A text of several words must be set apart by quotes or a colon: "how many words are
 * there in English" asks for something else.
 */
const counted = (wanted: string, said: string, apart: boolean): string | undefined => {
  const name = wanted.toLowerCase();
  const text = apart ? whole(said) : ofOneWord.has(name) ? clear(said) : inQuotes(said);
  const kind = name === "char" ? "character" : name;
  const count = text === undefined ? undefined : counters[kind]?.(text);
  return count === undefined || text === undefined ? undefined : `${shown(text)} ${say(count, kind)}.`;
};

const occurrences = (part: string | undefined, said: string): string | undefined => {
  const text = clear(said);
  if (text === undefined || part === undefined || part === "") return undefined;
  const count = text.toLowerCase().split(part.toLowerCase()).length - 1;
  return `"${part}" occurs ${count === 1 ? "once" : `${count} times`} in ${text.length <= 60 ? `"${text}"` : "that text"}.`;
};

const everything = (text: string | undefined): string | undefined =>
  text === undefined
    ? undefined
    : `${shown(text)} ${["character", "letter", "word", "sentence", "line", "byte"]
        .map((kind) => say(counters[kind]?.(text) ?? 0, kind))
        .join(", ")}.`;

/** Whether what follows was set apart by a colon or a line's end. */
const apart = String.raw`(?<apart>\s*:\s*|\s*\n\s*| )`;
const isApart = (sign: string | undefined): boolean =>
  (sign ?? "").trim() !== "" || (sign ?? "").includes("\n");

export const countForms: readonly TextForm[] = [
  {
    shape: re(
      String.raw`(?:how many|count(?: the| all)?|(?:what is )?(?:the )?number of) ${unit}(?: are| is| do| does)?(?: there)?(?: are)?(?: in| of| has| have)?(?: (?:(?:this|the|the following) )?(?:word|string|text|sentence|phrase)| this| the following)?${apart}(.+?)(?: have| has| contain| contains)?\??`,
    ),
    answer: ([, wanted = "", sign, said = ""]) => counted(wanted, said, isApart(sign)),
  },
  {
    shape: re(String.raw`(?:the )?${unit} ?count(?: of| for| in)?${apart}(.+)`),
    answer: ([, wanted = "", sign, said = ""]) => counted(wanted, said, isApart(sign)),
  },
  {
    shape: re(String.raw`(?:what(?:'s| is) )?(?:the )?length of (?:the )?(word |string |text |phrase )?(.+)`),
    answer: ([, kind, said = ""]) =>
      counted(
        "character",
        said,
        kind !== undefined && readArgument(said)?.quoted === false && !/\s/.test(said),
      ),
  },
  {
    shape: re(String.raw`how long is (?:the )?(?:(word|string|text|phrase) )?(.+)`),
    answer: ([, kind, said = ""]) => {
      const text = kind === undefined ? inQuotes(said) : clear(said);
      return text === undefined ? undefined : counted("character", said, true);
    },
  },
  {
    // A letter alone may as well be a unit, "how many m in km": it must be said to be one.
    shape: re(
      String.raw`how many (?:times (?:does |do |is )?(?:the )?(?:letter |word |character )?(.+?) (?:occurs?|appears?|is|are there|comes? up)?|letters? (.)(?:'s)?(?: are there| are)?|(?:the )?"?(.)"?['’]s(?: are there| are)?) ?in ${kindOfText}(.+)`,
    ),
    answer: ([, part, letter, plural, said = ""]) =>
      occurrences(part === undefined ? (letter ?? plural) : clear(part), said),
  },
  {
    shape: re(String.raw`(?:text )?(?:facts|stats|statistics)(?: of| for| about| on)?${apart}(.+)`),
    answer: ([, sign, said = ""]) => everything(isApart(sign) ? whole(said) : inQuotes(said)),
  },
  {
    shape: re(String.raw`(?:count|analy[sz]e)(?: this| the)?(?: text)?${apart}(.+)`),
    answer: ([, sign, said = ""]) => everything(isApart(sign) ? whole(said) : inQuotes(said)),
  },
  {
    shape: re(String.raw`is (?!(?:this|that|it) a )${kindOfText}(.+?) a palindrome\??`),
    answer: ([, said = ""]) => {
      const text = whole(said);
      if (text === undefined || text.length > 1_000) return undefined;
      const plain = Array.from(text.toLowerCase()).filter((one) => /[\p{L}\p{N}]/u.test(one));
      if (plain.length === 0) return undefined;
      const is = plain.join("") === plain.toReversed().join("");
      return `${is ? "Yes" : "No"}, "${text}" ${is ? "reads the same backwards" : "does not read the same backwards"}.`;
    },
  },
];
