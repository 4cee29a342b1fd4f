import {
  offsetAt,
  sayClock,
  sayDay,
  sayOffset,
  wallTimeAt,
  whenClocksShow,
  type WallTime,
} from "./wall-time.ts";
import type { TimeForm, TimeQuestion } from "./question.ts";
import type { Place } from "./zones.ts";

const clock = String.raw`(noon|midnight|\d{1,2}(?::[0-5]\d)? ?(?:am|pm|a\.m\.|p\.m\.)|\d{1,2}:[0-5]\d|\d{1,2} o'?clock)`;

/** `3pm`, `15:00`, `noon`; undefined for hours that no clock has. */
const readClock = (text: string): Pick<WallTime, "hour" | "minute"> | undefined => {
  if (text === "noon") return { hour: 12, minute: 0 };
  if (text === "midnight") return { hour: 0, minute: 0 };
  const [, first = "", minutes = "0", half] = /^(\d{1,2})(?::(\d\d))? ?([ap])?/.exec(text) ?? [];
  const hour = Number(first);
  if (half === undefined) return hour < 24 ? { hour, minute: Number(minutes) } : undefined;
  if (hour < 1 || hour > 12) return undefined;
  return { hour: (hour % 12) + (half === "p" ? 12 : 0), minute: Number(minutes) };
};

/** Places with commas and "and" between; undefined unless all of them are known. */
const placesOf = (text: string, { find }: TimeQuestion): readonly Place[] | undefined => {
  const whole = find(text);
  if (whole) return [whole];
  const found = text.split(/ *, *(?:and )?| and | & /).map(find);
  return found.every((place) => place !== undefined) && found.length <= 10 ? found : undefined;
};

const sayNow = (at: number, { zone, name }: Place): string => {
  const wall = wallTimeAt(at, zone);
  return `It is ${sayClock(wall)} in ${name} (${sayDay(wall)}, ${sayOffset(offsetAt(at, zone))}).`;
};

const timeIn = (question: TimeQuestion, text: string | undefined): string | undefined => {
  if (text === undefined) {
    const { now, here, today } = question;
    return `It is ${sayClock(today)} on ${sayDay(today)}, where this server is (${here.name}, ${sayOffset(offsetAt(now, here.zone))}).`;
  }
  return placesOf(text, question)
    ?.map((place) => sayNow(question.now, place))
    .join("\n");
};

const unknown = (text: string): string | undefined =>
  /^[\p{L}' .,-]{2,40}$/u.test(text)
    ? `I know no clock in ${text}. Name a larger city near it, or a zone such as Europe/Berlin or UTC+2.`
    : undefined;

const converted = (question: TimeQuestion, said: string, from: string, to: string): string | undefined => {
  const read = readClock(said);
  const a = question.find(from);
  const b = question.find(to);
  if (!read || !a || !b) return undefined;
  const at = whenClocksShow({ ...wallTimeAt(question.now, a.zone), ...read }, a.zone);
  const there = wallTimeAt(at, b.zone);
  const [dayA, dayB] = [sayDay(wallTimeAt(at, a.zone)), sayDay(there)];
  return `${sayClock(read)} in ${a.name} is ${sayClock(there)} in ${b.name}${dayA === dayB ? "" : `, on ${dayB}`}.`;
};

const difference = ({ find, now }: TimeQuestion, from: string, to: string): string | undefined => {
  const a = find(from);
  const b = find(to);
  if (!a || !b) return undefined;
  const minutes = offsetAt(now, b.zone) - offsetAt(now, a.zone);
  if (minutes === 0) return `${a.name} and ${b.name} have the same time at present.`;
  const size = Math.abs(minutes);
  const hours = `${Math.floor(size / 60)}${size % 60 === 0 ? "" : `:${String(size % 60).padStart(2, "0")}`}`;
  return `${b.name} is ${hours} ${hours === "1" ? "hour" : "hours"} ${minutes > 0 ? "ahead of" : "behind"} ${a.name} at present.`;
};

const now = String.raw`(?: (?:right |just )?now| currently| at the moment| at present)?`;
const re = (source: string): RegExp => new RegExp(`^(?:${source})$`, "iu");

/** Questions about what clocks show. */
export const clockForms: readonly TimeForm[] = [
  {
    shape: re(
      String.raw`(?:what(?:'s| is)? (?:the )?(?:current |local |exact )?time(?: is it)?|what time (?:is it|it is|do we have|do you have)|(?:the )?(?:current|local) time|time|time now)${now}`,
    ),
    answer: (question) => timeIn(question, undefined),
  },
  {
    shape: re(
      String.raw`(?:what(?:'s| is)? (?:the )?(?:current |local |exact )?time(?: is it| it is)?|(?:the )?(?:current|local) time)${now} (?:in|at|for|over in) (.+?)${now}`,
    ),
    answer: (question, [, place = ""]) => timeIn(question, place) ?? unknown(place),
  },
  {
    shape: re(String.raw`(?:the )?time${now} in (.+?)${now}`),
    answer: (question, [, place = ""]) => timeIn(question, place),
  },
  {
    shape: re(String.raw`(?:what(?:'s| is) (?:the )?(?:current )?)?([\p{L} /_]+?) time${now}`),
    answer: (question, [, place = ""]) => timeIn(question, place),
  },
  {
    shape: re(
      String.raw`(?:convert |what(?:'s| is)? |what time is |(?:when|if) it(?:'s| is) )?${clock} (?:in |at )?(.+?)(?: time)? (?:to|in|into|is what time in) (.+?)(?: time)?`,
    ),
    answer: (question, [, said = "", from = "", to = ""]) => converted(question, said, from, to),
  },
  {
    shape: re(
      String.raw`(?:(?:when|if) )?(?:it(?:'s| is) )?${clock} (?:in |at )?(.+?)(?: time)?,? (?:what time is it|what is the time|what(?:'s| is) that|what time is that) in (.+?)`,
    ),
    answer: (question, [, said = "", from = "", to = ""]) => converted(question, said, from, to),
  },
  {
    shape: re(
      String.raw`(?:what(?:'s| is) )?(?:the )?time(?: zone)? difference (?:between|from) (.+?) (?:and|to) (.+?)`,
    ),
    answer: (question, [, from = "", to = ""]) => difference(question, from, to),
  },
  {
    shape: re(String.raw`(?:what|which) time ?zone (?:is|does) (.+?)(?: in| have| use)?`),
    answer: ({ find, now: at }, [, text = ""]) => {
      const place = find(text);
      return (
        place &&
        `${place.name} is in the zone ${place.zone}, at present ${sayOffset(offsetAt(at, place.zone))}.`
      );
    },
  },
];
