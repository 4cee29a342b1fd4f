import { plural, type TimeForm, type TimeQuestion } from "./question.ts";
import { readDate } from "./read-date.ts";
import {
  daysBetween,
  daysInMonth,
  daysLater,
  sayClock,
  sayDate,
  sayDay,
  wallTimeAt,
  weekdayOf,
  type WallTime,
} from "./wall-time.ts";

const re = (source: string): RegExp => new RegExp(`^(?:${source})$`, "i");

const weekday = ({ today }: TimeQuestion, text: string): string | undefined => {
  const date = readDate(text, today, "this-year");
  if (!date) return undefined;
  const days = daysBetween(today, date);
  return `${sayDate(date)} ${days < 0 ? "was" : "is"} a ${weekdayOf(date)}.`;
};

/** Number of the ISO week, and the year that it belongs to. */
const weekOf = (date: WallTime): { readonly week: number; readonly year: number } => {
  const sinceMonday = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"].indexOf(
    weekdayOf(date),
  );
  // A week belongs to the year that has its Thursday.
  const thursday = daysLater(date, 3 - sinceMonday);
  const newYear = { ...thursday, month: 1, day: 1 };
  return { week: Math.floor(daysBetween(newYear, thursday) / 7) + 1, year: thursday.year };
};

const sayDateIn = (question: TimeQuestion, text: string | undefined, days: number): string | undefined => {
  const place = text === undefined ? question.here : question.find(text);
  if (!place) return undefined;
  const there = daysLater(wallTimeAt(question.now, place.zone), days);
  const when = days === 0 ? "Today" : days > 0 ? "Tomorrow" : "Yesterday";
  return `${when} ${days < 0 ? "was" : "is"} ${sayDay(there)}${text === undefined ? "" : ` in ${place.name}`}.`;
};

const dayWords: Readonly<Record<string, number>> = { today: 0, tomorrow: 1, yesterday: -1 };

/** Questions about the calendar. */
export const calendarForms: readonly TimeForm[] = [
  {
    shape: re(
      String.raw`(?:what(?:'s| is)? (?:the )?(?:current )?(?:date|day)(?: is it| it is| is)?(?: today)?|today's date|the date|date|date today|today|what(?:'s| is) today(?:'s date)?|what (?:week)?day is today)(?: in (.+))?`,
    ),
    answer: (question, [, place]) => sayDateIn(question, place, 0),
  },
  {
    shape: re(
      String.raw`(?:what(?:'s| is| was)? )?(?:the )?(?:date|day|weekday|day of the week)? ?(?:is|was|of)? ?(?:it )?(tomorrow|yesterday)(?:'s (?:date|day))?`,
    ),
    answer: (question, [all = "", day = ""]) =>
      /^(?:tomorrow|yesterday)$/i.test(all)
        ? undefined
        : sayDateIn(question, undefined, dayWords[day.toLowerCase()] ?? 0),
  },
  {
    shape: re(
      String.raw`(?:what|which) (?:weekday|day|day of the week) (?:is|was|will|does|did|falls?) (?:it )?(?:be )?(?:fall )?(?:on )?(.+?)(?: be| fall| on| fall on)*`,
    ),
    answer: (question, [, text = ""]) => weekday(question, text),
  },
  {
    shape: re(
      String.raw`(?:what(?:'s| is|'s the| is the) )?(?:the )?(?:weekday|day of the week) (?:of|for|on) (.+)`,
    ),
    answer: (question, [, text = ""]) => weekday(question, text),
  },
  {
    shape: re(String.raw`(.+?) (?:is|was|falls on|will be) (?:what|which) (?:weekday|day|day of the week)`),
    answer: (question, [, text = ""]) => weekday(question, text),
  },
  {
    shape: re(String.raw`(?:is|was|will) (\d{4}) (?:be )?a leap year|is it a leap year`),
    answer: ({ today }, [, year]) => {
      const asked = year === undefined ? today.year : Number(year);
      return `${asked} ${daysInMonth(asked, 2) === 29 ? "is" : "is not"} a leap year.`;
    },
  },
  {
    shape: re(
      String.raw`(?:what(?:'s| is)?|which) (?:the )?(?:current )?(?:calendar )?week(?: number)?(?: is it| is this| are we in)?(?: now| today)?|(?:what(?:'s| is) )?(?:the )?(?:calendar )?week(?: number)? (?:of|for) (.+)`,
    ),
    answer: ({ today }, [, text = "today"]) => {
      const date = readDate(text, today, "this-year");
      if (!date) return undefined;
      const { week, year } = weekOf(date);
      return `${sayDay(date)} is in week ${week} of ${year}.`;
    },
  },
  {
    shape: re(
      String.raw`(?:what(?:'s| is) )?(?:the )?(?:current )?(?:unix|epoch) ?(?:time|timestamp)(?: is it)?(?: now)?`,
    ),
    answer: ({ now }) => `The Unix time is ${Math.floor(now / 1_000)} seconds.`,
  },
  {
    shape: re(
      String.raw`(?:(?:what|when|which)(?: date| time)? (?:is|was) |convert )?(?:the )?(?:unix|epoch)(?: time| timestamp)? (-?\d{1,11})(?: (?:to|as|in) (?:a )?(?:date|time|utc))?`,
    ),
    answer: (_question, [, seconds = ""]) => {
      const wall = wallTimeAt(Number(seconds) * 1_000, "UTC");
      return `${plural(Number(seconds), "second")} after the beginning of 1970 is ${sayClock(wall)} on ${sayDay(wall)} (UTC).`;
    },
  },
];
