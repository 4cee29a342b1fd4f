import { withDigits } from "../number-words.ts";
import { clear, inQuotes, readArgument, whole } from "./argument.ts";
import { codecName, codecOf, digest, digestName } from "./codecs.ts";
import { ask, kindOfText, made, re, type TextForm } from "./text-form.ts";

const hashed = (name: string, text: string | undefined): string | undefined =>
  text === undefined ? undefined : `${name.toUpperCase()}: ${digest(name, text)}`;

const encoded = (
  codec: string,
  said: string,
  read: (said: string) => string | undefined,
): string | undefined => made(read(said), (text) => codecOf(codec)?.encode(text) ?? "");

/** To convert a number to hex is a sum's business. */
const converted = (codec: string, said: string): string | undefined => {
  const argument = readArgument(said);
  const number = argument?.quoted === false && /\d/.test(withDigits(argument.text));
  return number && codecOf(codec)?.name === "hex" ? undefined : encoded(codec, said, whole);
};

const decoded = (codec: string, said: string): string | undefined =>
  made(
    whole(said),
    (text) => codecOf(codec)?.decode(text.trim()) ?? `That is not ${codecOf(codec)?.name ?? codec}.`,
  );

const reversed = (text: string): string =>
  Array.from(new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text), ({ segment }) => segment)
    .toReversed()
    .join("");

const cases: Readonly<Record<string, (text: string) => string>> = {
  upper: (text) => text.toUpperCase(),
  lower: (text) => text.toLowerCase(),
  title: (text) =>
    text.toLowerCase().replaceAll(/(?<![\p{L}\p{N}'’])\p{L}/gu, (letter) => letter.toUpperCase()),
};
const caseName = String.raw`(upper|lower|title)[ -]?case(?: letters)?`;
const cased = (name: string, text: string | undefined): string | undefined =>
  made(text, (given) => cases[name.toLowerCase()]?.(given) ?? given);

export const codeForms: readonly TextForm[] = [
  {
    shape: re(
      String.raw`${ask}${digestName}(?:[ -]?(?:hash|sum|checksum|digest))? ?(?:of |for |: ?)${kindOfText}(.+)`,
    ),
    answer: ([, name = "", said = ""]) => hashed(name, whole(said)),
  },
  {
    shape: re(String.raw`${ask}${digestName}(?: (?:hash|sum|checksum|digest))? (.+)`),
    answer: ([, name = "", said = ""]) => hashed(name, clear(said)),
  },
  {
    shape: re(String.raw`hash ${kindOfText}(.+?) (?:with|using|as|in|to|by) ${digestName}`),
    answer: ([, said = "", name = ""]) => hashed(name, whole(said)),
  },
  {
    shape: re(String.raw`${codecName}[ -]?decode[ :]+${kindOfText}(.+)`),
    answer: ([, codec = "", said = ""]) => decoded(codec, said),
  },
  {
    shape: re(String.raw`decode (?:this |the |from )?${codecName}(?: (?:text|string))?[ :]+(.+)`),
    answer: ([, codec = "", said = ""]) => decoded(codec, said),
  },
  {
    shape: re(String.raw`(?:decode|convert) ${kindOfText}(.+?) from ${codecName}(?: to text)?`),
    answer: ([, said = "", codec = ""]) => decoded(codec, said),
  },
  {
    shape: re(String.raw`${ask}${codecName}[ -]?(?:encoded? ?|encoding (?:of|for) )[ :]*${kindOfText}(.+)`),
    answer: ([, codec = "", said = ""]) => encoded(codec, said, whole),
  },
  {
    shape: re(String.raw`${ask}${codecName}(?: (?:of|for) | ?: ?)${kindOfText}(.+)`),
    answer: ([, codec = "", said = ""]) =>
      /url|uri|percent/i.test(codec) ? encoded(codec, said, inQuotes) : converted(codec, said),
  },
  {
    shape: re(String.raw`(base[ -]?64[ -]?url|base[ -]?64|b64|rot[ -]?13) (.+)`),
    answer: ([, codec = "", said = ""]) => encoded(codec, said, clear),
  },
  {
    shape: re(String.raw`encode ${kindOfText}(.+?) (?:in|as|to|into|with|using) ${codecName}(?: encoding)?`),
    answer: ([, said = "", codec = ""]) => encoded(codec, said, whole),
  },
  {
    shape: re(String.raw`(?:convert|turn|translate) ${kindOfText}(.+?) (?:to|into) ${codecName}`),
    answer: ([, said = "", codec = ""]) => converted(codec, said),
  },
  {
    shape: re(
      String.raw`(?:reverse|backwards?|flip)(?:: ?| (?:the )?(?:text|string|word|words|letters|letters of|sentence|phrase):? )${kindOfText}(.+)`,
    ),
    answer: ([, said = ""]) => made(whole(said), reversed),
  },
  {
    shape: re(String.raw`reverse (.+)`),
    answer: ([, said = ""]) => made(clear(said), reversed),
  },
  {
    shape: re(
      String.raw`(?:spell|write|say|type|read) ${kindOfText}(.+?) (?:backwards?|in reverse|reversed)`,
    ),
    answer: ([, said = ""]) => made(whole(said), reversed),
  },
  {
    shape: re(String.raw`(?:what(?:'s|’s| is) )?(.+?) (?:(?:spelled |written )?backwards|reversed)\??`),
    answer: ([, said = ""]) => made(clear(said), reversed),
  },
  {
    shape: re(
      String.raw`(?:convert|turn|change|put|make|write) ${kindOfText}(.+?) (?:(?:to|into|in) )?${caseName}`,
    ),
    answer: ([, said = "", name = ""]) => cased(name, whole(said)),
  },
  {
    shape: re(String.raw`${caseName}(?: ?(:) ?| )${kindOfText}(.+)`),
    answer: ([, name = "", apart, said = ""]) => cased(name, apart === undefined ? clear(said) : whole(said)),
  },
  {
    shape: re(String.raw`(.+?) in ${caseName}`),
    answer: ([, said = "", name = ""]) => cased(name, clear(said)),
  },
  {
    shape: re(
      String.raw`${ask}(?:unicode|code ?point|character code|char code|ascii(?: code)?)(?: value| number)? (?:of|for) (?:the )?(?:letter |character |emoji )?(.+)`,
    ),
    answer: ([, said = ""]) => {
      const text = whole(said) ?? "";
      const points = Array.from(text);
      if (points.length === 0 || points.length > 8 || /^[a-z0-9 ]{2,}$/i.test(text)) return undefined;
      return points
        .map(
          (one) =>
            `${one} is U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")} (${one.codePointAt(0)})`,
        )
        .join("\n");
    },
  },
];
