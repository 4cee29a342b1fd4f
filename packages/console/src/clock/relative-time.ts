const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const startOfDay = (at: number): number => new Date(at).setHours(0, 0, 0, 0);

/**
 * How long ago something was, short enough for a list: `now`, `5 min`, `3 h`, `yesterday`, `Monday`, then the date. Both times
 * are milliseconds since the epoch.
 */
export const relativeTime = (at: number, now: number, locale?: string): string => {
  const ago = now - at;
  if (ago < minute) return "now";
  if (ago < hour) return `${Math.floor(ago / minute)} min`;
  const days = Math.round((startOfDay(now) - startOfDay(at)) / day);
  if (days === 0) return `${Math.floor(ago / hour)} h`;
  if (days === 1) return "yesterday";
  if (days < 7) return new Intl.DateTimeFormat(locale, { weekday: "long" }).format(at);
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  const year = sameYear ? {} : ({ year: "numeric" } as const);
  return new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", ...year }).format(at);
};
