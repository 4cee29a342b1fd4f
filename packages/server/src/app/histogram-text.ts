import type { Buckets } from "../kernel/meter.ts";

/**
 * Counted buckets as a histogram in Prometheus' text form. Written by hand because a library's histogram can only be fed
 * value by value, and here the hot path has done the counting already.
 *
 * @param per how many of the buckets' units make one of the metric's
 */
export const histogramText = (name: string, help: string, buckets: Buckets, per: number): string => {
  const lines = [`# HELP ${name} ${help}`, `# TYPE ${name} histogram`];
  let count = 0;
  for (const [i, bound] of buckets.bounds.entries()) {
    count += buckets.counts[i] ?? 0;
    lines.push(`${name}_bucket{le="${bound / per}"} ${count}`);
  }
  count += buckets.counts[buckets.bounds.length] ?? 0;
  lines.push(
    `${name}_bucket{le="+Inf"} ${count}`,
    `${name}_sum ${buckets.sum / per}`,
    `${name}_count ${count}`,
    "",
  );
  return lines.join("\n");
};
