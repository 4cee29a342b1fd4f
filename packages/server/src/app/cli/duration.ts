const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** `90s`, `15m`, `1h`, `7d` in seconds; undefined for anything else. */
export const parseDuration = (text: string): number | undefined => {
  const [, count = "", unit = ""] = /^([1-9]\d{0,5})([smhd])$/.exec(text.trim()) ?? [];
  const each = seconds[unit];
  return each === undefined ? undefined : Number(count) * each;
};
