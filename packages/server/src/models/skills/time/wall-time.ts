/** What a clock on a wall and the calendar beside it show. */
export interface WallTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** Milliseconds since the epoch, had the clock hung in Greenwich. */
export const asUtc = ({ year, month, day, hour, minute }: WallTime): number =>
  // Date.UTC would take the year 24 for 1924.
  new Date(0).setUTCFullYear(year, month - 1, day) + (hour * 60 + minute) * minuteMs;

/** What the clocks of a zone show. */
export const wallTimeAt = (at: number, zone: string): WallTime => {
  const parts = new Intl.DateTimeFormat("en-u-ca-iso8601", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  }).formatToParts(at);
  const value = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((part) => part.type === type)?.value ?? 0);
  return {
    year: value("year"),
    month: value("month"),
    day: value("day"),
    hour: value("hour"),
    minute: value("minute"),
  };
};

/** How far a zone's clocks are ahead of Greenwich, minutes. */
export const offsetAt = (at: number, zone: string): number =>
  Math.round((asUtc(wallTimeAt(at, zone)) - Math.floor(at / minuteMs) * minuteMs) / minuteMs);

/** When the clocks of a zone show that; a time that they leap over counts as the one just after the leap. */
export const whenClocksShow = (wall: WallTime, zone: string): number => {
  const guess = asUtc(wall);
  const first = guess - offsetAt(guess, zone) * minuteMs;
  return guess - offsetAt(first, zone) * minuteMs;
};

const two = (value: number): string => String(value).padStart(2, "0");
const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
export const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

export const weekdayOf = (wall: WallTime): string => weekdays[new Date(asUtc(wall)).getUTCDay()] ?? "";
/** `14:05`. */
export const sayClock = ({ hour, minute }: Pick<WallTime, "hour" | "minute">): string =>
  `${two(hour)}:${two(minute)}`;
/** `20 July 1969`. */
export const sayDate = ({ year, month, day }: WallTime): string =>
  `${day} ${months[month - 1] ?? ""} ${year}`;
/** `Sunday, 20 July 1969`. */
export const sayDay = (wall: WallTime): string => `${weekdayOf(wall)}, ${sayDate(wall)}`;
/** `UTC+5:30`. */
export const sayOffset = (minutes: number): string => {
  if (minutes === 0) return "UTC";
  const size = Math.abs(minutes);
  return `UTC${minutes < 0 ? "-" : "+"}${Math.floor(size / 60)}${size % 60 === 0 ? "" : `:${two(size % 60)}`}`;
};

/** The calendar moved on by whole days. */
export const daysLater = (wall: WallTime, days: number): WallTime => {
  const at = new Date(asUtc(wall) + days * dayMs);
  return { ...wall, year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() };
};

export const daysInMonth = (year: number, month: number): number =>
  new Date(asUtc({ year, month: month + 1, day: 0, hour: 0, minute: 0 })).getUTCDate();

/** Moved on by whole months; a day that the month does not have is its last one. */
export const monthsLater = (wall: WallTime, count: number): WallTime => {
  const index = wall.year * 12 + wall.month - 1 + count;
  const year = Math.floor(index / 12);
  const month = index - year * 12 + 1;
  return { ...wall, year, month, day: Math.min(wall.day, daysInMonth(year, month)) };
};

/** Whole days from the one date to the other. */
export const daysBetween = (from: WallTime, to: WallTime): number => {
  const midnight = { hour: 0, minute: 0 };
  return Math.round((asUtc({ ...to, ...midnight }) - asUtc({ ...from, ...midnight })) / dayMs);
};
