/**
 * How long a provider asks to wait, in milliseconds, from the headers of its answer: `retry-after-ms`, or `retry-after`
 * in seconds or as a date; undefined when it says nothing that can be read.
 *
 * @param now milliseconds since the epoch
 */
export const retryAfterMs = (
  header: (name: string) => string | undefined,
  now: number,
): number | undefined => {
  const exact = Number.parseFloat(header("retry-after-ms") ?? "");
  if (exact >= 0) return exact;
  const value = header("retry-after")?.trim() ?? "";
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
};
