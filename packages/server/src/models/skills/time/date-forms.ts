import { plural, type TimeForm, type TimeQuestion } from "./question.ts";
import { readDate } from "./read-date.ts";
import {
  daysBetween,
  daysInMonth,
  daysLater,
  monthsLater,
  months,
  sayClock,
  sayDate,
  sayDay,
  wallTimeAt,
  weekdayOf,
  type WallTime,
} from "./wall-time.ts";

const re = (source: string): RegExp => new RegExp(`^(?:${source})$`, "i");
const unit = String.raw`(minute|hour|day|week|month|year|weekday|working day|business day)s?`;
const minuteMs = 60_000;

/** The time between two dates in whole units, and what is left over in days. */
const span = (from: WallTime, to: WallTime, wanted: string): string | undefined => {
  const days = daysBetween(from, to);
  switch (wanted) {
    case "day":
      return plural(days, "day");
    case "hour":
      return plural(days * 24, "hour");
    case "minute":
      return plural(days * 24 * 60, "minute");
    case "week": {
      const rest = days % 7;
      return `${plural(Math.trunc(days / 7), "week")}${rest === 0 ? "" : ` and ${plural(Math.abs(rest), "day")}`}`;
    }
    case "month":
    case "year": {
      if (days < 0) return undefined;
      const each = wanted === "month" ? 1 : 12;
      let count = 0;
      while (daysBetween(monthsLater(from, (count + 1) * each), to) >= 0) count += 1;
      const rest = daysBetween(monthsLater(from, count * each), to);
      return `${plural(count, wanted)}${rest === 0 ? "" : ` and ${plural(rest, "day")}`}`;
    }
    default: {
      if (days < 0 || days > 100_000) return undefined;
      let count = 0;
      for (let i = 0; i < days; i += 1) if (!weekdayOf(daysLater(from, i)).startsWith("S")) count += 1;
      return plural(count, "weekday");
    }
  }
};

const between = ({ today }: TimeQuestion, wanted: string, a: string, b: string): string | undefined => {
  const from = readDate(a, today, "this-year");
  const to = readDate(b, today, "this-year");
  if (!from || !to) return undefined;
  const [first, last] = daysBetween(from, to) < 0 ? [to, from] : [from, to];
  const said = span(first, last, wanted.toLowerCase());
  return said && `From ${sayDate(first)} to ${sayDate(last)} it is ${said}.`;
};

const until = ({ today }: TimeQuestion, wanted: string, text: string): string | undefined => {
  const date = readDate(text, today, "until");
  if (!date) return undefined;
  const days = daysBetween(today, date);
  if (days < 0) return `${sayDay(date)} was ${plural(-days, "day")} ago.`;
  return days === 0
    ? `That is today, ${sayDay(date)}.`
    : `${span(today, date, wanted.toLowerCase()) ?? ""} until ${sayDay(date)}.`;
};

const since = ({ today }: TimeQuestion, wanted: string, text: string): string | undefined => {
  const date = readDate(text, today, "since");
  if (!date) return undefined;
  if (daysBetween(date, today) < 0)
    return `${sayDay(date)} is still to come, in ${plural(daysBetween(today, date), "day")}.`;
  return `${span(date, today, wanted.toLowerCase()) ?? ""} since ${sayDay(date)}.`;
};

/** A date or, for hours and minutes, a moment so far from another. */
const moved = (question: TimeQuestion, count: number, wanted: string, text: string): string | undefined => {
  const { now, here, today } = question;
  if (Math.abs(count) > 1_000_000) return undefined;
  const from = readDate(text, today, "this-year");
  if (!from) return undefined;
  const word = wanted.toLowerCase();
  if (word === "hour" || word === "minute") {
    if (text !== "now") return undefined;
    const at = wallTimeAt(now + count * (word === "hour" ? 60 : 1) * minuteMs, here.zone);
    return `${sayClock(at)} on ${sayDay(at)} (${here.name}).`;
  }
  if (word.length > 5) return undefined;
  const to =
    word === "day" || word === "week"
      ? daysLater(from, count * (word === "day" ? 1 : 7))
      : monthsLater(from, count * (word === "month" ? 1 : 12));
  return to.year > 0 && to.year < 10_000 ? `${sayDay(to)}.` : undefined;
};

const asked = String.raw`(?:what(?:'s| is| was| will be)? (?:the )?(?:date|day|time)? ?(?:is it |was it |will it be |is |was |will be )?)?`;
const howMany = String.raw`(?:how many |the number of |number of )?`;
const fill = String.raw`(?: are there| is it| are left| left| are| have passed| has it been| have gone by| it has been)*`;

/** Questions about how far dates lie apart, and about dates so far from others. */
export const dateForms: readonly TimeForm[] = [
  {
    shape: re(String.raw`${howMany}${unit}${fill} (?:between|from) (.+?) (?:and|to|until|till) (.+)`),
    answer: (question, [, wanted = "", a = "", b = ""]) => between(question, wanted, a, b),
  },
  {
    shape: re(String.raw`(?:how long is it|time) (?:between|from) (.+?) (?:and|to|until|till) (.+)`),
    answer: (question, [, a = "", b = ""]) => between(question, "day", a, b),
  },
  {
    shape: re(String.raw`${howMany}${unit}${fill} (?:until|till|to|before) (.+)`),
    answer: (question, [, wanted = "", text = ""]) => until(question, wanted, text),
  },
  {
    shape: re(
      String.raw`(?:how long(?: is it)?|how far(?: away)?(?: is it)?|time left) (?:until|till|to) (.+)|when is (.+)`,
    ),
    answer: (question, [, text, other = ""]) => until(question, "day", text ?? other),
  },
  {
    shape: re(String.raw`${howMany}${unit}${fill} (?:since|ago was|ago is) (.+)`),
    answer: (question, [, wanted = "", text = ""]) => since(question, wanted, text),
  },
  {
    shape: re(String.raw`(?:how long (?:has it been|is it) since|how long ago (?:was|is)) (.+)`),
    answer: (question, [, text = ""]) => since(question, "day", text),
  },
  {
    shape: re(
      String.raw`${asked}(?:in )?(\d{1,7}|an?) ${unit} (from now|from today|from|after|before|ago)(?: (.+))?`,
    ),
    answer: (question, [, count = "", wanted = "", way = "", text = "now"]) => {
      if (/now|today|ago/i.test(way) !== (text === "now")) return undefined;
      const size = /^an?$/i.test(count) ? 1 : Number(count);
      return moved(question, /before|ago/i.test(way) ? -size : size, wanted, text);
    },
  },
  {
    shape: re(
      String.raw`what(?:'s| is| will be)? (?:the )?(?:date|day|time) (?:is it |will it be |is |will be )?in (\d{1,7}|an?) ${unit}`,
    ),
    answer: (question, [, count = "", wanted = ""]) =>
      moved(question, /^an?$/i.test(count) ? 1 : Number(count), wanted, "now"),
  },
  {
    shape: re(String.raw`(?:add )?(\d{1,7}) ${unit} to (.+)|(.+?) (?:plus|\+) (\d{1,7}) ${unit}`),
    answer: (question, [, count, wanted, text, date = "", more = "", other = ""]) =>
      moved(question, Number(count ?? more), wanted ?? other, text ?? date),
  },
  {
    shape: re(String.raw`${howMany}days (?:are )?(?:there )?(?:are )?in ([a-z]{3,9})(?: (\d{4}))?`),
    answer: ({ today }, [, name = "", given]) => {
      const index = months.findIndex((month) => month.toLowerCase() === name.toLowerCase());
      if (index === -1) return undefined;
      const year = given === undefined ? today.year : Number(given);
      return `${months[index] ?? ""} ${year} has ${daysInMonth(year, index + 1)} days.`;
    },
  },
];
