const lists: readonly (readonly [RegExp, (items: string) => string])[] = [
  [/^(?:the )?sum of (.+)$/i, (items) => items.split(listBreak).join(" + ")],
  [/^(?:the )?product of (.+)$/i, (items) => items.split(listBreak).join(" * ")],
  [
    /^(?:the )?difference (?:between|of) (\S+) and (\S+)$/i,
    (items) => `abs(${items.split(listBreak).join(" - ")})`,
  ],
  [/^(?:the )?(?:average|mean) of (.+)$/i, (items) => call("mean", items)],
  [/^(?:the )?median of (.+)$/i, (items) => call("median", items)],
  [/^(?:the )?(?:maximum|max|largest|biggest) of (.+)$/i, (items) => call("max", items)],
  [/^(?:the )?(?:minimum|min|smallest) of (.+)$/i, (items) => call("min", items)],
  [/^(?:the )?(?:greatest common divisor|gcd|hcf) of (.+)$/i, (items) => call("gcd", items)],
  [/^(?:the )?(?:least common multiple|lowest common multiple|lcm) of (.+)$/i, (items) => call("lcm", items)],
];
const listBreak = /\s*,\s*(?:and )?| and /i;
const call = (name: string, items: string): string => `${name}(${items.split(listBreak).join(", ")})`;

/** Questions whose words stand in another order than a sum. */
export const reordered = (text: string): string => {
  for (const [shape, sum] of lists) {
    const [, first = "", second] = shape.exec(text) ?? [];
    if (first !== "") return sum(second === undefined ? first : `${first} and ${second}`);
  }
  const howMany =
    /^how many (.+?) (?:(?:are |is )?(?:there )?in|is|are|equals?|makes?) (?:(an?|one|the) )?(.+)$/i.exec(
      text,
    );
  const [, unit = "", article, of = ""] = howMany ?? [];
  if (unit !== "") return `${article === undefined && /^[-\d(]/.test(of) ? of : `1 ${of}`} to ${unit}`;
  const prime = /^(?:is )?(\d+) (?:is )?(?:a )?prime(?: number)?$/i.exec(text);
  if (prime) return `isPrime(${prime[1] ?? ""})`;
  const compared =
    /^is (.+?) (?:(greater|bigger|larger|more|higher|less|smaller|lower) than|equal to|the same as|=+|([<>]=?)) (.+)$/i.exec(
      text,
    ) ?? /^is (.+?)()(=+|[<>]=?)(.+)$/i.exec(text);
  if (!compared) return text;
  const [, left = "", word = "", sign = "", right = ""] = compared;
  const by =
    word === ""
      ? sign === "" || sign.startsWith("=")
        ? "=="
        : sign
      : /less|smaller|lower/i.test(word)
        ? "<"
        : ">";
  return `${left} ${by} ${right}`;
};
