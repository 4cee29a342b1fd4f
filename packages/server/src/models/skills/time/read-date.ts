import { daysInMonth, daysLater, months, weekdayOf, type WallTime } from "./wall-time.ts";

const monthWords = months.map((name) => name.slice(0, 3).toLowerCase());
const monthNames = months
  .map((name) => `${name.slice(0, 3)}(?:${name.slice(3)})?`)
  .join("|")
  .toLowerCase();
const month = String.raw`(${monthNames}|sept)\.?`;
const day = String.raw`(\d{1,2})(?:st|nd|rd|th)?`;
const year = String.raw`(-?\d{4})`;

interface Feast {
  readonly month: number;
  readonly day: number;
}
const feasts: ReadonlyMap<string, Feast> = new Map([
  ["christmas", { month: 12, day: 25 }],
  ["christmas day", { month: 12, day: 25 }],
  ["christmas eve", { month: 12, day: 24 }],
  ["xmas", { month: 12, day: 25 }],
  ["new year", { month: 1, day: 1 }],
  ["new years", { month: 1, day: 1 }],
  ["new years day", { month: 1, day: 1 }],
  ["new years eve", { month: 12, day: 31 }],
  ["halloween", { month: 10, day: 31 }],
  ["valentines day", { month: 2, day: 14 }],
]);

const forms: readonly (readonly [RegExp, (found: readonly string[]) => readonly (string | undefined)[]])[] = [
  [new RegExp(String.raw`^${year}[-/](\d{1,2})[-/](\d{1,2})$`), ([, y, m, d]) => [y, m, d]],
  [new RegExp(String.raw`^${month} ${day}(?:,? ${year})?$`), ([, m, d, y]) => [y, m, d]],
  [new RegExp(String.raw`^${day} (?:of )?${month}(?:,? ${year})?$`), ([, d, m, y]) => [y, m, d]],
  [/^(\d{1,2})\.(\d{1,2})\.(\d{4})$/, ([, d, m, y]) => [y, m, d]],
  // With slashes half of the world begins with the month: taken only where there is no doubt.
  [/^(\d{1,2})\/(1[3-9]|2\d|3[01])\/(\d{4})$/, ([, m, d, y]) => [y, m, d]],
  [/^(1[3-9]|2\d|3[01])\/(\d{1,2})\/(\d{4})$/, ([, d, m, y]) => [y, m, d]],
];

const valid = (y: number, m: number, d: number): boolean =>
  m >= 1 && m <= 12 && d >= 1 && d <= daysInMonth(y, m);

/**
 * A date in words or digits, at midnight; undefined for what is none, or does not exist.
 *
 * @param today the date where the question is asked
 * @param next a day without a year, or a weekday, is the next one there will be (`until`), the last one there was (`since`), or
 * this year's
 */
export const readDate = (
  text: string,
  today: WallTime,
  next: "until" | "since" | "this-year",
): WallTime | undefined => {
  const said = text
    .trim()
    .toLowerCase()
    .replaceAll("'", "")
    .replace(/^(?:the|on) /, "");
  const midnight = { ...today, hour: 0, minute: 0 };
  if (said === "today" || said === "now") return midnight;
  if (said === "tomorrow") return daysLater(midnight, 1);
  if (said === "yesterday") return daysLater(midnight, -1);
  const dated = (y: number, m: number, d: number): WallTime | undefined =>
    valid(y, m, d) ? { year: y, month: m, day: d, hour: 0, minute: 0 } : undefined;

  /** A day of the year, in the year that is meant; 29 February may have to wait for one. */
  const yearless = (m: number, d: number): WallTime | undefined => {
    const step = next === "since" ? -1 : 1;
    for (let y = today.year; Math.abs(y - today.year) <= 8; y += step) {
      const found = dated(y, m, d);
      if (next === "this-year") return found;
      const past = m < today.month || (m === today.month && d < today.day);
      const future = m > today.month || (m === today.month && d > today.day);
      if (found && (y !== today.year || !(next === "until" ? past : future))) return found;
    }
    return undefined;
  };

  const feast = feasts.get(said);
  if (feast) return yearless(feast.month, feast.day);
  const [, feastName = "", feastYear = ""] = /^(.+) (\d{4})$/.exec(said) ?? [];
  const dayOfFeast = feasts.get(feastName);
  if (dayOfFeast) return dated(Number(feastYear), dayOfFeast.month, dayOfFeast.day);

  const [, weekday = ""] = /^(?:next |this |last )?([a-z]+day)$/.exec(said) ?? [];
  for (const i of weekday === "" ? [] : [1, 2, 3, 4, 5, 6, 7]) {
    const other = daysLater(midnight, next === "since" || said.startsWith("last ") ? -i : i);
    if (weekdayOf(other).toLowerCase() === weekday) return other;
  }

  for (const [form, parts] of forms) {
    const found = form.exec(said);
    if (!found) continue;
    const [y, m = "", d = ""] = parts([...found]);
    const number = /^\d+$/.test(m) ? Number(m) : monthWords.indexOf(m.slice(0, 3)) + 1;
    return y === undefined ? yearless(number, Number(d)) : dated(Number(y), number, Number(d));
  }
  return undefined;
};
