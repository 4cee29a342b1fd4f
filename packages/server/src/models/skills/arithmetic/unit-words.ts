/** What people write for units, and what the calculator calls them. Units that are not here go by their own names. */
const words: Readonly<Record<string, string>> = {
  "°f": "degF",
  "°c": "degC",
  "°": " deg",
  "degrees? fahrenheit": "degF",
  "degrees? celsius": "degC",
  "degrees? centigrade": "degC",
  centigrade: "degC",
  fahrenheit: "degF",
  celsius: "degC",
  "miles (?:per|an) hour": "mi/h",
  "kilomet(?:er|re)s? (?:per|an) hour": "km/h",
  "met(?:er|re)s? (?:per|a) second": "m/s",
  "feet (?:per|a) second": "ft/s",
  "km?ph": "km/h",
  kmh: "km/h",
  "kilos?": "kg",
  "hrs?": "h",
  mins: "minutes",
  secs: "seconds",
  "yrs?": "years",
  "fl\\.? ?oz\\.?": "floz",
  "fluid ounces?": "floz",
  "nautical miles?": "nauticalmile",
  nmi: "nauticalmile",
  "light[ -]?years?": "lightyear",
  metres: "meters",
  metre: "meter",
  "centimetres?": "cm",
  "millimetres?": "mm",
  "kilometres?": "km",
  litres: "liters",
  litre: "liter",
  "millilitres?": "ml",
  "kilobytes?": "kB",
  "megabytes?": "MB",
  "gigabytes?": "GB",
  "terabytes?": "TB",
  calories: "calorie",
  kcal: "kilocalorie",
  "kilocalories?": "kilocalorie",
  "kilowatt[ -]?hours?": "kWh",
  "knots?": "nauticalmile/h",
  mph: "mi/h",
  "pounds?": "lb",
};

const rules = Object.entries(words)
  .toSorted(([a], [b]) => b.length - a.length)
  .map(([word, unit]) => {
    const whole = word.startsWith("°") ? word : String.raw`(?<![A-Za-z])(?:${word})(?![A-Za-z])`;
    return [new RegExp(whole, "gi"), unit] as const;
  });

const scale: Readonly<Record<string, string>> = { f: "degF", c: "degC", k: "K" };

/** The text with its units by the calculator's names. */
export const withUnits = (text: string): string => {
  let out = text
    // A letter alone is a temperature only beside another one: F is farad, C coulomb.
    .replace(
      /^(-?[\d.]+) ?(?:°|deg(?:rees?)?)? ?([fck]) (?:to|in|into|as) (?:°|deg(?:rees?)?)? ?([fck])$/i,
      (all, value: string, from: string, to: string) => {
        const [a, b] = [scale[from.toLowerCase()], scale[to.toLowerCase()]];
        return a === undefined || b === undefined ? all : `${value} ${a} to ${b}`;
      },
    )
    .replaceAll(
      /(\d+(?:\.\d+)?) ?(?:feet|foot|ft|') ?(?:and )?(\d+(?:\.\d+)?) ?(?:inches|inch|in\b|")/gi,
      "($1 ft + $2 inch)",
    );
  for (const [word, unit] of rules) out = out.replaceAll(word, unit);
  return out
    .replaceAll(
      /(?<![A-Za-z])([kmgt])b(?![A-Za-z])/g,
      (_all, size: string) => `${size === "k" ? size : size.toUpperCase()}B`,
    )
    .replaceAll(/\b(?:square|sq\.?) (?!root)([A-Za-z]+)/gi, "$1^2")
    .replaceAll(/\b(?:cubic|cu\.?) ([A-Za-z]+)/gi, "$1^3");
};
