/**
 * What people say between numbers, and what it means. Each is tried once on a text of a few hundred characters, and none has a
 * repetition within a repetition.
 */
const num = String.raw`-?\d+(?:\.\d+)?`;
/** A number, or anything in brackets that holds no brackets. */
const operand = String.raw`(?:${num}|\([^()]*\))`;

const re = (source: string): RegExp => new RegExp(source, "gi");

export const sumPhrases: readonly (readonly [RegExp, string])[] = [
  [re(String.raw`(${num}) ?(?:%|percent|per cent) of (?:the )?`), "($1 / 100) * "],
  [re(String.raw`(${num}) ?(?:%|percent|per cent) off (?:of )?(${operand})`), "(1 - $1 / 100) * $2"],
  [re(String.raw`\b(?:half|a half) of `), "(1 / 2) * "],
  [re(String.raw`\ba third of `), "(1 / 3) * "],
  [re(String.raw`\ba quarter of `), "(1 / 4) * "],
  [re(String.raw`\b(?:twice|double) (?=[\d(])`), "2 * "],
  [re(String.raw`(?:\b(?:the )?(?:square root|sqrt)(?: of)? |√ ?)(${operand})`), "sqrt($1)"],
  [re(String.raw`\b(?:the )?cube root(?: of)? (${operand})`), "cbrt($1)"],
  [re(String.raw`\b(?:the )?factorial of (${operand})`), "$1!"],
  [re(String.raw`(${operand}) factorial\b`), "$1!"],
  [
    re(
      String.raw`\b(sin|cos|tan|log|log10|log2|exp|abs)(?:ine|ent)?(?: of)? (${num}(?: ?(?:degrees?|deg|rad))?)\b`,
    ),
    "$1($2)",
  ],
  [re(String.raw`\bln ?(?:of )?(${operand})`), "log($1)"],
  [re(String.raw`(${operand}) squared\b`), "$1^2"],
  [re(String.raw`(${operand}) cubed\b`), "$1^3"],
  [re(String.raw`(?: raised)? to the (?:power of )?(${operand})(?:st|nd|rd|th)?(?: power)?\b`), "^$1"],
  [re(String.raw` raised to (?=[\d(])`), "^"],
  [re(String.raw`(?<=[\d)!%a-z²³]) (?:plus|and then add) (?=[-\d(a-z])`), " + "],
  [re(String.raw`(?<=[\d)!%a-z²³]) minus (?=[-\d(a-z])`), " - "],
  [re(String.raw`(?<=[\d)!%a-z²³]) (?:times|multiplied by) (?=[-\d(a-z])`), " * "],
  [re(String.raw`(?<=[\d)!%a-z²³]) (?:divided by|over) (?=[-\d(a-z])`), " / "],
  [re(String.raw`(?<=[\d)]) (?:modulo|modulus) (?=[-\d(])`), " mod "],
  [re(String.raw`(?<=\d)(?: +x| ?[×·]|(?<!\b0)x) ?(?=[\d(])`), " * "],
  [re(String.raw`(?<=\d) ?(?:percent|per cent)\b`), "%"],
  [/[×·]/g, " * "],
  [/÷/g, " / "],
  [/[−–]/g, "-"],
  [/²/g, "^2"],
  [/³/g, "^3"],
  [/π/g, "pi"],
  [/\*\*/g, "^"],
];
