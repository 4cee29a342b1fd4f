const small =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen";
const tens = "twenty thirty forty fifty sixty seventy eighty ninety";

const values = new Map<string, number>([
  ...small.split(" ").map((word, value) => [word, value] as const),
  ...tens.split(" ").map((word, index) => [word, 20 + 10 * index] as const),
]);

const scales = new Map([
  ["dozen", 12],
  ["hundred", 100],
  ["thousand", 1e3],
  ["million", 1e6],
  ["billion", 1e9],
]);

const word = [...values.keys(), ...scales.keys()].toSorted((a, b) => b.length - a.length).join("|");
const run = new RegExp(
  String.raw`(?:\b(?:a|an) (?=(?:${[...scales.keys()].join("|")})\b))?\b(?:${word})\b(?:(?:[ -]|(?<=hundred|thousand|million|billion) and )(?:${word})\b)*`,
  "gi",
);

/** `twenty-one` and `two hundred and five` as digits. Undefined for words in an order that is no number. */
const valueOf = (words: readonly string[]): number | undefined => {
  let sum = 0;
  let part = 0;
  let last = Infinity;
  for (const one of words) {
    const value = values.get(one);
    const scale = scales.get(one);
    if (value !== undefined) {
      // After a word only a smaller one goes on: "two three" is no number, "twenty three" is.
      if (value >= last || (last < 20 && last > 0)) return undefined;
      part += value;
      last = value;
    } else if (scale !== undefined) {
      part = (part === 0 ? 1 : part) * scale;
      if (scale >= 1e3) {
        sum += part;
        part = 0;
      }
      last = scale;
    }
  }
  return sum + part;
};

/** The text with its written numbers as digits. */
export const withDigits = (text: string): string =>
  text.replaceAll(run, (found) => {
    const words = found
      .toLowerCase()
      .split(/[ -]/)
      .filter((one) => one !== "and" && one !== "a" && one !== "an");
    const value = valueOf(words);
    return value === undefined ? found : String(value);
  });
