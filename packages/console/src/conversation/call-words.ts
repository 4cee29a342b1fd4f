import type { CallView } from "@colloquy/client";
import { duration } from "../clock/duration.ts";

/** Where a call stands, in a few words; `now` and the deadline are milliseconds since the epoch. */
export const callWords = (call: CallView, now: number): string => {
  const { by, endedAt, runs, startedAt, state, until } = call;
  switch (state) {
    case "waiting":
      return until === undefined ? "waits for approval" : `waits for approval · ${leftWords(until - now)}`;
    case "running":
      if (runs === "client") return "runs in the asker's program";
      return by === undefined ? "running" : `approved by ${by}`;
    case "done": {
      const took =
        startedAt === undefined || endedAt === undefined ? undefined : duration(endedAt - startedAt);
      return [by === undefined ? "done" : `done, approved by ${by}`, by === undefined ? took : undefined]
        .filter((words) => words !== undefined)
        .join(" · ");
    }
    case "failed":
      return "failed";
    case "denied":
      return by === undefined ? "denied" : `denied by ${by}`;
    case "expired":
      return "nobody decided in time";
    case "cancelled":
      return "stopped";
  }
};

/** How much time is left, roughly: minutes while there are many, then seconds. */
const leftWords = (ms: number): string => {
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  if (seconds >= 90 * 60) return `${Math.round(seconds / 3_600)} h left`;
  if (seconds >= 120) return `${Math.round(seconds / 60)} min left`;
  return `${seconds} s left`;
};

/** Signs that nobody sees or that turn others around, but those that join letters. */
const hidden = /[^\P{Cc}\n]|[^\P{Cf}\u200c\u200d]|[\u{e0100}-\u{e01ef}]/gu;

/** As a program would write it: whoever decides about a call sees all that is in it, and in its order. */
const plainly = (text: string): string =>
  text.replaceAll(hidden, (one) => `\\u{${one.codePointAt(0)?.toString(16)}}`);

/** The arguments over several lines; what a model wrote need not be JSON. */
export const argumentsText = (text: string): string => {
  try {
    const value: unknown = JSON.parse(text);
    const empty = typeof value === "object" && value !== null && Object.keys(value).length === 0;
    return empty ? "" : plainly(JSON.stringify(value, null, 2));
  } catch {
    return plainly(text);
  }
};

/** A name that cannot be taken for more than one. */
const keyOf = (key: string): string => (/^[\p{L}\p{N}_.-]+$/u.test(key) ? key : JSON.stringify(key));

/** The arguments in one short line, as a reader approves them: `eur: 5, to: "ann"`. */
export const argumentsLine = (text: string): string => {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return plainly(text);
    return plainly(
      Object.entries(value)
        .map(([key, one]) => `${keyOf(key)}: ${JSON.stringify(one)}`)
        .join(", "),
    );
  } catch {
    return plainly(text);
  }
};
